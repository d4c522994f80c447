#!/usr/bin/env python3
"""Makes the page's font: DejaVu Sans cut down to the characters that the page can show, plus four symbols it lacks.

    font.py DejaVuSans.ttf output.ttf

The result is named "LeNet Lab Sans", as the licence of the font asks of changed versions.
"""

import sys

from fontTools import subset
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

NAME = "LeNet Lab Sans"

RANGES = [
    (0x0020, 0x007E), (0x00A0, 0x017F),  # Latin, Latin-1, Latin Extended-A
    (0x0391, 0x03C9),  # Greek
    (0x2010, 0x2027), (0x2030, 0x203A),  # punctuation, ‖ among it
    (0x2070, 0x209C),  # sub- and superscripts
    (0x2190, 0x2199), (0x21BA, 0x21BB),  # arrows
    (0x2200, 0x221E), (0x2227, 0x222B), (0x2248, 0x2248), (0x2260, 0x2265), (0x226A, 0x226B), (0x22C5, 0x22C6),  # mathematics
    (0x2308, 0x230B), (0x23ED, 0x23EE), (0x23F8, 0x23F8), (0x24D8, 0x24D8),  # brackets, buttons, ⓘ
    (0x25A0, 0x25A1), (0x25AA, 0x25AD), (0x25B2, 0x25C1), (0x25C6, 0x25C7), (0x25CB, 0x25CF), (0x25E4, 0x25E5),  # shapes
    (0x2605, 0x2606), (0x2744, 0x2744), (0x2713, 0x2718),  # stars, ❄, checks and crosses
    (0xFFFD, 0xFFFD),
]

# Symbols are drawn in font units between the baseline and the height of a capital.
BOTTOM, TOP, LEFT = 0, 1493, 120


def rectangle(pen, x, width):
    pen.moveTo((x, BOTTOM))
    pen.lineTo((x, TOP))
    pen.lineTo((x + width, TOP))
    pen.lineTo((x + width, BOTTOM))
    pen.closePath()


def triangle(pen, base, tip):
    """A triangle that points from x = base to x = tip."""
    corners = [(base, TOP), (tip, (TOP + BOTTOM) // 2), (base, BOTTOM)]
    for i, corner in enumerate(corners if tip > base else reversed(corners)):
        (pen.lineTo if i else pen.moveTo)(corner)
    pen.closePath()


def circle(pen, centre, radius, clockwise):
    """Eight quadratic arcs: close enough to a circle at any size a label has."""
    x, y = centre
    k = radius * 0.41421356
    points = [(radius, 0), (radius, k), (radius * 0.70710678,) * 2, (k, radius)]
    ring = []
    for turn in range(4):
        for px, py in points:
            for _ in range(turn):
                px, py = -py, px
            ring.append((round(x + px), round(y + py)))
    if clockwise:
        ring = [ring[0]] + ring[:0:-1]
    pen.moveTo(ring[0])
    for i in range(1, 16, 2):
        pen.qCurveTo(ring[i], ring[(i + 1) % 16])
    pen.closePath()


def draw_pause(pen, _):
    rectangle(pen, LEFT, 420)
    rectangle(pen, LEFT + 720, 420)
    return 2 * LEFT + 1140


def draw_next(pen, _):
    triangle(pen, LEFT, LEFT + 1100)
    rectangle(pen, LEFT + 1100, 240)
    return 2 * LEFT + 1340


def draw_previous(pen, _):
    rectangle(pen, LEFT, 240)
    triangle(pen, LEFT + 1340, LEFT + 240)
    return 2 * LEFT + 1340


def draw_info(pen, font):
    radius, centre = 820, (LEFT + 820, 746)
    circle(pen, centre, radius, clockwise=True)
    circle(pen, centre, radius - 130, clockwise=False)
    letter, scale = font.getBestCmap()[ord("i")], 0.72
    width = font["hmtx"][letter][0]
    shift = (centre[0] - scale * width / 2, centre[1] - scale * 1556 / 2)
    font.getGlyphSet()[letter].draw(TransformPen(pen, (scale, 0, 0, scale, *shift)))
    return 2 * (LEFT + radius)


SYMBOLS = {0x23F8: draw_pause, 0x23ED: draw_next, 0x23EE: draw_previous, 0x24D8: draw_info}


def cut_down(path):
    options = subset.Options()
    options.layout_features = ["kern"]
    options.hinting = False
    options.drop_tables += ["FFTM"]
    font = TTFont(path)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for low, high in RANGES for code in range(low, high + 1)])
    subsetter.subset(font)
    return font


def add_symbols(font):
    for code, draw in SYMBOLS.items():
        if code in font.getBestCmap():
            continue
        pen = TTGlyphPen(font.getGlyphSet())
        width = draw(pen, font)
        glyph = pen.glyph()
        name = f"uni{code:04X}"
        font.setGlyphOrder(font.getGlyphOrder() + [name])
        font["glyf"].glyphs[name] = glyph
        glyph.recalcBounds(font["glyf"])
        font["hmtx"].metrics[name] = (width, glyph.xMin)
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[code] = name


def rename(font):
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 16):
            record.string = NAME
        elif record.nameID == 6:
            record.string = NAME.replace(" ", "")


def main():
    source, output = sys.argv[1:]
    font = cut_down(source)
    add_symbols(font)
    rename(font)
    font["head"].modified = font["head"].created  # the same bytes at every build
    font.recalcTimestamp = False
    font.save(output)


if __name__ == "__main__":
    main()
