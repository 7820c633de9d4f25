"""The limits of child processes in which the work of strangers is read: set once the libraries are loaded."""

import resource


def confine(memory: int, cpu_seconds: int) -> None:
    """So many bytes of address space, so many more seconds of processor time, and no picture of a crash.

    May be called again for the next piece of work: of the time only the soft limit is set, and what meets it dies.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    ends = int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (ends, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
