"""The same judgement over long lists at once: people as columns of numbers, pairs as rows of them.

Needs numpy, which is not deployed: `engine` uses it where it is installed and the list is long. Whatever is a rule is
asked of the modules beside this package; tests hold the pairs of both ways against each other.
"""

from integration.matching.bulk.beside import starter
from integration.matching.bulk.columns import Columns
from integration.matching.bulk.judged import judged

__all__ = ["Columns", "judged", "starter"]
