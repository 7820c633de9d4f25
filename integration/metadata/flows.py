"""Reading flows/: what starts a flow, and its elements as XML."""

from pathlib import Path

from integration.metadata.schema import Flow
from integration.metadata.xml import root, text


def read_flow(path: Path) -> Flow:
    """One flow."""
    xml = root(path)
    return Flow(
        name=path.name.removesuffix(".flow-meta.xml"),
        label=text(xml, "label"),
        active=text(xml, "status") == "Active",
        object=text(xml, "start/object"),
        trigger=text(xml, "start/triggerType"),
        record_trigger=text(xml, "start/recordTriggerType"),
        xml=xml,
        source=path,
    )
