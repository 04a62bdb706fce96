// SPDX-License-Identifier: MPL-2.0

package livesim

import "slices"

const (
	// maxPixels bounds sizes and positions, and the width and height of a source.
	maxPixels = 2000
	// rounding is the tolerance for sums of fractions.
	rounding = 1e-9
)

// fraction reports whether a size or a position is a fraction of the background; all others are pixels.
func fraction(v float64) bool { return 0 < v && v < 1 }

// validLength reports whether v is a valid size or position.
func (s *Server) validLength(v float64) bool {
	if fraction(v) {
		return 0.01 <= v && v <= 0.99 || s.options.AllowEdgeFractions
	}
	return 0 <= v && v <= maxPixels
}

// sourceSize returns the size of an input before scaling: that of the published stream, or 0 if unknown.
func (s *Server) sourceSize(in Input) (width, height float64) {
	if st := s.streams.published[in.Name]; st != nil && in.real() && in.Type != typeAudio {
		return float64(st.Width), float64(st.Height)
	}
	return 0, 0
}

// checkGeometry checks that canvases have a size, crops lie inside their source, and pictures lie inside the
// background. Unknown sizes are taken as the largest allowed ones: what does not fit into those fits into none.
func (s *Server) checkGeometry(session *Session) *refusal {
	for _, in := range session.Inputs {
		if in.Type != typeCanvas {
			continue
		}
		// A background cannot be a fraction of itself.
		if in.Width == 0 || in.Height == 0 || in.Layer == 1 && (fraction(in.Width) || fraction(in.Height)) {
			return s.inner(-28, "the canvas %s needs a width and a height", in.Name)
		}
	}
	for _, in := range session.Inputs {
		width, height := s.sourceSize(in)
		if in.Crop.X+in.Crop.Width > known(width) || in.Crop.Y+in.Crop.Height > known(height) {
			return s.inner(-29, "the crop area of %s exceeds the original picture", in.Name)
		}
	}

	var width, height float64
	if i := slices.IndexFunc(session.Inputs, func(in Input) bool { return in.Layer == 1 && in.visual() }); i >= 0 {
		width, height = s.shownSize(session.Inputs[i])
		// A background is not a fraction of itself: its size along that axis is unknown.
		if fraction(width) {
			width = 0
		}
		if fraction(height) {
			height = 0
		}
	}
	for _, in := range session.Inputs {
		if in.Layer == 1 || !in.visual() {
			continue
		}
		w, h := in.Width, in.Height
		if session.Template == 0 { // A template scales an input without a size of its own.
			w, h = s.shownSize(in)
		}
		if !fits(in.X, w, known(width)) || !fits(in.Y, h, known(height)) {
			return s.inner(-2, "small picture out of the background")
		}
	}
	return nil
}

// shownSize returns the size of an input in a custom layout: the given one, otherwise that of its source. With only one
// side given, the ratio is undocumented, and so is the size of a cropped input: neither is known.
func (s *Server) shownSize(in Input) (width, height float64) {
	switch {
	case in.Width != 0 || in.Height != 0:
		return in.Width, in.Height
	case in.Crop != Crop{}:
		return 0, 0
	default:
		return s.sourceSize(in)
	}
}

func known(size float64) float64 {
	if size == 0 {
		return maxPixels
	}
	return size
}

// fits reports whether a picture that begins at position lies inside the background, along one axis.
func fits(position, size, background float64) bool {
	if fraction(position) {
		position *= background
	}
	if fraction(size) {
		size *= background
	}
	return position+size <= background*(1+rounding)
}
