"""Draws the results as an SVG bar chart: one group per workload, one bar per variant, on a logarithmic scale."""

import math
from xml.sax.saxutils import escape

from figures import duration

WIDTH = 900
LEFT = 190  # where the bars start
RIGHT = 90  # room for the figure behind the longest bar
BAR = 14
STEP = 18
TITLE = 26
GAP = 12
TOP = 40

# One file for light and dark pages; the background is drawn too, for viewers that support only light ones.
STYLE = """
.ground { fill: #ffffff; }
text { font: 12px system-ui, sans-serif; fill: #24292f; }
.title { font-weight: 600; font-size: 13px; }
.axis { fill: #57606a; font-size: 11px; }
.figure { font-size: 11px; }
.grid { stroke: #d0d7de; stroke-width: 1; }
.kith { fill: #0969da; }
.hand { fill: #6e7781; }
.peer { fill: #bc8c5a; }
@media (prefers-color-scheme: dark) {
  .ground { fill: #0d1117; }
  text { fill: #e6edf3; }
  .axis { fill: #9da7b3; }
  .grid { stroke: #3d444d; }
  .kith { fill: #4493f8; }
  .hand { fill: #8b949e; }
  .peer { fill: #b98553; }
}
"""


def css_class(variant):
    if variant.name == "kith":
        return "kith"
    return "hand" if variant.name in ("hand", "range", "scan", "join", "single") else "peer"


def power_label(power):
    return duration(10.0**power).replace(".00", "").replace(".0", "")


def draw(results):
    groups = [(workload, rows) for workload, rows, _ in results.groups if rows]
    medians = [row.median for _, rows in groups for row in rows]
    low, high = math.floor(math.log10(min(medians))), math.ceil(math.log10(max(medians)))
    high = max(high, low + 1)
    height = TOP + sum(TITLE + STEP * len(rows) + GAP for _, rows in groups) + 10

    def x(seconds):
        return LEFT + (math.log10(seconds) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
           'role="img" aria-label="Time of each workload with each variant, logarithmic scale; less is better">',
           f"<style>{STYLE}</style>", f'<rect class="ground" width="{WIDTH}" height="{height}" rx="6"/>']
    for power in range(low, high + 1):
        at = x(10.0**power)
        out.append(f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP - 8}" y2="{height - 6}"/>')
        out.append(f'<text class="axis" x="{at:.1f}" y="{TOP - 14}" text-anchor="middle">{power_label(power)}</text>')
    y = TOP
    for workload, rows in groups:
        out.append(f'<text class="title" x="8" y="{y + 14}">{escape(workload.name)} {escape(workload.title)}</text>')
        y += TITLE
        for row in rows:
            end = max(x(row.median), LEFT + 1)
            out.append(f'<text x="{LEFT - 8}" y="{y + 11}" text-anchor="end">{escape(row.variant.title)}</text>')
            out.append(f'<rect class="{css_class(row.variant)}" x="{LEFT}" y="{y}" width="{end - LEFT:.1f}" '
                       f'height="{BAR}" rx="2"/>')
            out.append(f'<text class="figure" x="{end + 6:.1f}" y="{y + 11}">{duration(row.median)}</text>')
            y += STEP
        y += GAP
    out.append("</svg>")
    return "\n".join(out) + "\n"
