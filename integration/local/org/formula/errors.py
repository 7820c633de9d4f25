"""What is wrong with a formula, found when it is loaded."""


class FormulaError(Exception):
    """A formula that cannot be understood; the message names what and where."""
