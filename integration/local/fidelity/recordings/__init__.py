"""Gate `recordings`: the shapes and errors of exchanges that CumulusCI recorded of real orgs, held against this one."""
