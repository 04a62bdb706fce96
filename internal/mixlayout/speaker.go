// SPDX-License-Identifier: MPL-2.0

package mixlayout

// Side is a side of a canvas.
type Side string

// The sides.
const (
	Left   Side = "left"
	Right  Side = "right"
	Top    Side = "top"
	Bottom Side = "bottom"
)

// axes are the two directions of a speaker layout: across the strip and along it.
type axes struct{ across, along int }

// Speaker arranges one large stream and 1 to 14 others in a strip at a side of the canvas. Width and height are those
// of the canvas in pixels, even and 16 to 2000. Scale is the strip's share of the room across it, between 0 and 1. Gaps
// are by default as wide as the margin, and the margin is 0. All sides and positions are even, and the streams are as
// large as their ratio allows, with the whole centered. Layers, names and errors are those of Grid, with the speaker on
// layer 2.
func Speaker(speaker string, others []string, width, height int, side Side, scale float64, o Options) ([]Input, error) {
	n := len(others)
	if n < 1 || n > MaxLayers-2 {
		return nil, wrong("others", "others must hold 1 to %d names, as the canvas and the speaker take two of the %d layers; got %d", MaxLayers-2, MaxLayers, n)
	}
	if err := checkCanvas(width, height); err != nil {
		return nil, err
	}
	if err := oneOf("side", side, Left, Right, Top, Bottom); err != nil {
		return nil, err
	}
	if !(scale > 0 && scale < 1) {
		return nil, wrong("scale", "scale must lie between 0 and 1: the part of the room that is the strip's, such as 0.2; got %s", Number(scale))
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	horizontal := side == Top || side == Bottom
	turn := func(a axes) axes {
		if horizontal {
			return axes{a.along, a.across}
		}
		return a
	}
	largest := func(across, along int) axes {
		room := turn(axes{across, along})
		w, h := o.Ratio.largest(room.across, room.along)
		return turn(axes{w, h})
	}

	margin := or(o.Margin, 0)
	gap := or(o.Gap, margin)
	whole := turn(axes{width, height})
	room := axes{max(0, whole.across-2*margin-gap), max(0, whole.along-2*margin)}
	strip := even(part(scale, room.across))
	lengths := shares(max(0, room.along-(n-1)*gap), n)
	tile := largest(strip, lengths[n-1])
	if tile.across == 0 {
		leastWidth, leastHeight := o.Ratio.least()
		return nil, wrong("scale", "scale is %s, which leaves each stream of the strip less than %d by %d pixels on a canvas of %d by %d (streams: %d). Give a larger scale or canvas, or fewer streams",
			Number(scale), leastWidth, leastHeight, width, height, n)
	}
	if !o.Ratio.fill {
		for i := range lengths {
			lengths[i] = tile.along
		}
	}
	large := largest(room.across-tile.across, room.along)
	if large.across == 0 {
		return nil, wrong("scale", "scale is %s, which leaves no room for the speaker on a canvas of %d by %d. Give a smaller one", Number(scale), width, height)
	}

	along := (n - 1) * gap
	for _, l := range lengths {
		along += l
	}
	start := even((whole.across - large.across - gap - tile.across) / 2)
	speakerAt, stripAt := start, start+large.across+gap
	if side == Left || side == Top {
		speakerAt, stripAt = start+tile.across+gap, start
	}
	put := func(name string, layer int, at, size axes) Input {
		at, size = turn(at), turn(size)
		return stream(name, layer, at.across, at.along, size.across, size.along)
	}
	inputs := []Input{
		canvas(width, height, o, append([]string{speaker}, others...)),
		put(speaker, 2, axes{speakerAt, even((whole.along - large.along) / 2)}, large),
	}
	at := even((whole.along - along) / 2)
	for i, name := range others {
		inputs = append(inputs, put(name, i+3, axes{stripAt, at}, axes{tile.across, lengths[i]}))
		at += lengths[i] + gap
	}
	return inputs, nil
}
