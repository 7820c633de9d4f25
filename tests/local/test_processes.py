"""Whether a process is there."""

import subprocess
import sys

from integration.local.processes import is_alive


def test_a_process_that_ended_is_not_alive_before_it_is_buried():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert is_alive(process.pid)
    process.stdin.close()
    while is_alive(process.pid):
        pass
    assert process.wait(timeout=10) != 0
    assert not is_alive(process.pid)
