"""Draws how cost grows as an SVG: a small figure for each curve, both axes logarithmic, with the line that fits it."""

import math
from xml.sax.saxutils import escape

import chart

COLUMNS = 3
WIDTH, HEIGHT = 300, 200  # of a figure
LEFT, RIGHT, TOP, BOTTOM = 58, 16, 44, 26  # around its points

STYLE = chart.STYLE + """
.fit { stroke: #0969da; stroke-width: 1.5; opacity: 0.55; }
@media (prefers-color-scheme: dark) { .fit { stroke: #4493f8; } }
"""


class Scale:
    """A logarithmic scale from powers of ten, at least one apart, onto pixels."""

    def __init__(self, values, begin, end):
        self.low = math.floor(math.log10(min(values)) + 1e-9)
        self.high = max(math.ceil(math.log10(max(values)) - 1e-9), self.low + 1)
        self.begin, self.end = begin, end

    def at(self, value):
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.begin + share * (self.end - self.begin)

    def powers(self):
        return [10.0**power for power in range(self.low, self.high + 1)]


def count_label(value):
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"


def draw_curve(curve, left, top):
    costs = [cost for _, cost in curve.points]
    if curve.key == "kb":  # megabytes read better than kilobytes
        costs = [cost / 1024 for cost in costs]
    across = Scale([size for size, _ in curve.points], left + LEFT, left + WIDTH - RIGHT)
    up = Scale(costs, top + HEIGHT - BOTTOM, top + TOP)
    label = (lambda value: f"{value:g} MB") if curve.key == "kb" else (lambda value: chart.power_label(math.log10(value)))
    out = [f'<text class="title" x="{left + 8}" y="{top + 16}">{escape(curve.title)}</text>',
           f'<text class="axis" x="{left + 8}" y="{top + 32}">exponent {curve.exponent:.2f}</text>']
    for value in across.powers():
        x = across.at(value)
        out.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{up.end}" y2="{up.begin}"/>')
        out.append(f'<text class="axis" x="{x:.1f}" y="{up.begin + 16}" text-anchor="middle">{count_label(value)}</text>')
    for value in up.powers():
        y = up.at(value)
        out.append(f'<line class="grid" x1="{across.begin}" x2="{across.end}" y1="{y:.1f}" y2="{y:.1f}"/>')
        out.append(f'<text class="axis" x="{across.begin - 6}" y="{y + 4:.1f}" text-anchor="end">{label(value)}</text>')
    unit = 1024 if curve.key == "kb" else 1
    ends = [(size, curve.factor * size**curve.exponent / unit) for size in (curve.points[0][0], curve.points[-1][0])]
    (x1, y1), (x2, y2) = ((across.at(size), up.at(cost)) for size, cost in ends)
    out.append(f'<line class="fit" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')
    for (size, _), cost in zip(curve.points, costs):
        out.append(f'<circle class="kith" cx="{across.at(size):.1f}" cy="{up.at(cost):.1f}" r="3.5"/>')
    return out


def draw(results):
    rows = math.ceil(len(results.curves) / COLUMNS)
    width, height = COLUMNS * WIDTH, rows * HEIGHT + 8
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
           'role="img" aria-label="How cost grows with the size, each with a fitted line; both axes are logarithmic">',
           f"<style>{STYLE}</style>", f'<rect class="ground" width="{width}" height="{height}" rx="6"/>']
    for number, curve in enumerate(results.curves):
        out += draw_curve(curve, number % COLUMNS * WIDTH, number // COLUMNS * HEIGHT)
    return "\n".join(out + ["</svg>"]) + "\n"
