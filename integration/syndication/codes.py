"""Links as QR codes for posters and flyers."""

import io

import segno

QUIET = 4
"""Light modules around the code, as the standard (ISO/IEC 18004) asks."""


def svg(text: str, *, title: str = "") -> str:
    """One picture without a size of its own, black on white whatever stands behind it.

    Error correction M: a printed code may lose an eighth of itself. Raises ValueError when the text fits no code.
    """
    drawn = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(
        drawn, kind="svg", xmldecl=False, omitsize=True, border=QUIET, dark="#000", light="#fff", title=title or None
    )
    return drawn.getvalue().decode()
