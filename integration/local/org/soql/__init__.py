"""SOQL: text to a tree, to SQLite, to records as the REST API shows them."""

from integration.local.org.soql.errors import SoqlError
from integration.local.org.soql.parser import parse
from integration.local.org.soql.result import QueryResult
from integration.local.org.soql.run import Explained, FlatResult, explain, run, run_flat
from integration.local.org.soql.scope import Reader

__all__ = ["Explained", "FlatResult", "QueryResult", "Reader", "SoqlError", "explain", "parse", "run", "run_flat"]
