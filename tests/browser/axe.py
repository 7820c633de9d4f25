"""axe-core of npm, run inside a page."""

from functools import cache

from integration.local.tools import node_tool


@cache
def _script():
    return (node_tool("axe") / "node_modules/axe-core/axe.min.js").read_text()


def serious(tab):
    """What axe finds serious or critical: [(rule, what it is about)]."""
    tab.evaluate(_script())
    return tab.evaluate(
        """async () => {
        const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
        const found = (await axe.run(document, {runOnly: rules})).violations;
        return found.filter(each => ['serious', 'critical'].includes(each.impact))
          .map(each => [each.id, each.nodes.map(node => node.html.slice(0, 120)).join(' | ')]); }"""
    )
