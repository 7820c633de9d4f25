"""The funnel's picture as a browser draws it."""

from integration.demo.chart import STAGES, Source, svg

BOXES = """() => {
  const box = node => { const b = node.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height, node.textContent]; };
  return [...document.querySelectorAll('text')].map(box);
}"""


def test_texts_neither_overlap_nor_leave_the_picture(browser):
    counts = {stage: 9_999_999 // 3**number for number, stage in enumerate(STAGES)}
    costs = dict.fromkeys(STAGES, 1234567.89)
    shared = {"Joined": 123_456.7, "Applied": 12_345.6, "Hired": 1_234.5}
    many = Source("An agency with a name that is far too long for its line", counts, 98_765_432.1, costs, shared)
    page = browser.new_page()
    page.set_content(svg("From the first click to the hire", [many, many], "EUR"))
    boxes = page.evaluate(BOXES)
    width, height = page.evaluate("() => { const b = document.querySelector('svg').viewBox.baseVal; "
                                  "return [b.width, b.height]; }")  # fmt: skip
    page.close()
    assert len(boxes) == 3 + 2 * (2 + 2 * len(STAGES))
    for left, top, right, bottom, text in boxes:
        assert left >= 0 and right <= width and top >= 0 and bottom <= height, text  # noqa: PT018
    for number, (left, top, right, bottom, text) in enumerate(boxes):
        for other in boxes[number + 1 :]:
            apart = right <= other[0] or other[2] <= left or bottom <= other[1] + 2 or other[3] <= top + 2
            assert apart, (text, other[4])
