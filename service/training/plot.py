"""bins of a calibration -> a reliability diagram as SVG."""

from collections.abc import Mapping, Sequence
from typing import Final

SIZE: Final = 320
EDGE: Final = 40
COLOURS: Final = {"text": "#1f6feb", "html": "#d9480f"}


def reliability_svg(bins: Mapping[str, Sequence[tuple[float, float, int]]]) -> str:
    """One line per input kind: mean score across, share of usable pages up; dots as large as their bins."""
    total = EDGE * 2 + SIZE
    far = EDGE + SIZE
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {total}" font-family="sans-serif"',
        ' font-size="11" role="img" aria-label="Reliability of the score">',
        f'<rect width="{total}" height="{total}" fill="#fff"/>',
        f'<path d="M{EDGE} {EDGE}V{far}H{far}" fill="none" stroke="#555"/>',
        f'<path d="M{EDGE} {far}L{far} {EDGE}" stroke="#bbb" stroke-dasharray="4 4"/>',
    ]
    for tick in (0.0, 0.5, 1.0):
        across, up = EDGE + tick * SIZE, far - tick * SIZE + 4
        rows.append(f'<text x="{across:.0f}" y="{far + 14}" text-anchor="middle">{tick:g}</text>')
        rows.append(f'<text x="{EDGE - 6}" y="{up:.0f}" text-anchor="end">{tick:g}</text>')
    middle = total // 2
    rows.append(f'<text x="{middle}" y="{total - 8}" text-anchor="middle">mean score of a bin</text>')
    turned = f"translate(12 {middle}) rotate(-90)"
    rows.append(f'<text transform="{turned}" text-anchor="middle">share of usable pages</text>')
    for n, (kind, points) in enumerate(bins.items()):
        colour = COLOURS[kind]
        places = [(EDGE + x * SIZE, far - y * SIZE, min(9, 2 + size**0.5 / 3)) for x, y, size in points]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y, _ in places)
        rows.append(f'<path d="M{path}" fill="none" stroke="{colour}"/>')
        dots = (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{colour}"/>' for x, y, r in places)
        rows += dots
        rows.append(f'<text x="{EDGE + 12}" y="{EDGE + 16 + 16 * n}" fill="{colour}">{kind}</text>')
    return "\n".join([*rows, "</svg>", ""])
