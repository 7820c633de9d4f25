"""Formula fields inside queries."""

from integration.local.org.catalog import FieldInfo
from integration.local.org.soql.errors import SoqlError
from integration.local.org.soql.scope import Scope


def formula_sql(field: FieldInfo, scope: Scope, through: tuple[str, ...]) -> str:
    raise SoqlError("NOT_IMPLEMENTED", f"formula field {field.name}")
