// SPDX-License-Identifier: MPL-2.0

package mixlayout

// signSize is the side of the square that a sign is drawn in.
const signSize = 14.0

// sign is a small drawing that shows what an input is.
type sign struct {
	title, path string
}

// signs returns the signs of a tile.
func (t Tile) signs() []sign {
	var all []sign
	switch t.Kind {
	case WebPage:
		all = append(all, sign{"web page", "M7 1a6 6 0 1 1 0 12a6 6 0 1 1 0-12M1 7h12M7 1c-4 4-4 8 0 12M7 1c4 4 4 8 0 12"})
	case Picture:
		all = append(all, sign{"picture", "M1 2h12v10h-12zM1 10.5l3.5-4 3 3 2-2 3.5 3.5M9 4.5h1.5"})
	case Video:
		all = append(all, sign{"video only", "M1 5h2.5l3.5-3v10l-3.5-3h-2.5zM9 5l4 4M13 5l-4 4"})
	}
	if t.Matting {
		all = append(all, sign{"cut out of its background", "M7 1.5a2.6 2.6 0 1 1 0 5.2a2.6 2.6 0 1 1 0-5.2M1.5 13c0-6 11-6 11 0z"})
	}
	return all
}

func (d *drawing) sign(s sign, x, y float64, ink string) {
	d.printf(`<path transform="translate(%s %s)" d="%s" fill="none" stroke="%s" stroke-opacity="0.9" stroke-width="1.2" stroke-linejoin="round"><title>%s</title></path>`+"\n",
		coordinate(x), coordinate(y), s.path, ink, escape(s.title))
}
