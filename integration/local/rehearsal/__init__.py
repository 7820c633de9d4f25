"""Rehearsals: the use-cases that run in earnest, on a clock of their own, in an org and tables of this process.

No mail leaves: the mailer only writes down what it is given. What is kept is forgotten with the process.
"""
