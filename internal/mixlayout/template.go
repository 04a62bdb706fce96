// SPDX-License-Identifier: MPL-2.0

package mixlayout

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Template is one of Tencent's layouts (267/43404).
type Template struct {
	ID int
	// Inputs is the number of visual inputs, including the background. A canvas counts.
	Inputs int
	// OnCanvas reports whether the background must be a canvas.
	OnCanvas bool
}

// Templates returns all templates, by ID.
func Templates() []Template {
	return []Template{
		{ID: 10, Inputs: 2},
		{ID: 20, Inputs: 2},
		{ID: 30, Inputs: 2},
		{ID: 40, Inputs: 2},
		{ID: 50, Inputs: 2},
		{ID: 310, Inputs: 3},
		{ID: 390, Inputs: 3, OnCanvas: true},
		{ID: 391, Inputs: 3, OnCanvas: true},
		{ID: 410, Inputs: 4},
		{ID: 510, Inputs: 5},
		{ID: 590, Inputs: 5, OnCanvas: true},
		{ID: 610, Inputs: 6},
	}
}

// FindTemplate returns the template with an ID, if there is one.
func FindTemplate(id int64) (Template, bool) {
	all := Templates()
	i := slices.IndexFunc(all, func(t Template) bool { return int64(t.ID) == id })
	if i < 0 {
		return Template{}, false
	}
	return all[i], true
}

// checkTemplate checks that the template exists and takes this number of visible inputs.
func checkTemplate(id, inputs int) error {
	template, ok := FindTemplate(int64(id))
	if !ok {
		var ids []string
		for _, t := range Templates() {
			ids = append(ids, strconv.Itoa(t.ID))
		}
		return fmt.Errorf("there is no template %d; the templates are %s", id, strings.Join(ids, ", "))
	}
	if inputs != template.Inputs {
		return fmt.Errorf("template %d lays out %d inputs that can be seen, the background included, and there are %d", id, template.Inputs, inputs)
	}
	return nil
}

// templatePlace is what a template gives to one input: a size, and the position of an input of any size.
type templatePlace struct {
	width, height float64
	at            func(w, h float64) (x, y float64)
}

// templatePlaces returns the places that a template, which must exist, gives to the inputs above a background of the
// given size in pixels, from the lowest layer to the highest.
//
// Tencent shows its templates only as pictures. The numbers are from its older demonstration scripts, which call them
// approximate: the true ones depend on the background and on each source. On some backgrounds they extend beyond it.
func templatePlaces(id int, width, height float64) []templatePlace {
	const margin = 20
	var (
		left   = func(float64) float64 { return margin }
		right  = func(w float64) float64 { return width - margin - w }
		center = func(w float64) float64 { return (width - w) / 2 }
		top    = func(float64) float64 { return margin }
		middle = func(h float64) float64 { return (height - h) / 2 }
		bottom = func(h float64) float64 { return height - margin - h }
		at     = func(n float64) func(float64) float64 { return func(float64) float64 { return n } }
	)
	sized := func(w, h float64) func(x, y func(float64) float64) templatePlace {
		return func(x, y func(float64) float64) templatePlace {
			return templatePlace{w, h, func(w, h float64) (float64, float64) { return x(w), y(h) }}
		}
	}
	third, half, cell := sized(width/3, height/3), sized(width/2, height/2), sized(width*20/43, height*20/43)

	switch id {
	case 10:
		return []templatePlace{third(left, top)}
	case 20:
		return []templatePlace{third(right, bottom)}
	case 30:
		return []templatePlace{third(left, bottom)}
	case 40:
		return []templatePlace{third(right, top)}
	case 50:
		return []templatePlace{sized(120, 120*height/width)(at(244), at(400))}
	case 310:
		return []templatePlace{third(left, top), third(right, bottom)}
	case 390:
		flush := func(w float64) float64 { return width - w }
		return []templatePlace{half(left, middle), half(flush, middle)}
	case 391:
		column := func(w float64) float64 { return (width - margin - w) / 2 }
		below := func(h float64) float64 { return h + margin }
		return []templatePlace{half(column, at(10)), half(column, below)}
	case 410:
		return []templatePlace{third(left, top), third(right, bottom), third(left, bottom)}
	case 510:
		return []templatePlace{third(left, top), third(right, bottom), third(right, top), third(left, bottom)}
	case 590:
		return []templatePlace{cell(left, top), cell(right, top), cell(left, bottom), cell(right, bottom)}
	default: // 610, the last one.
		return []templatePlace{
			third(left, top), third(right, bottom), third(right, top), third(center, bottom), third(left, bottom),
		}
	}
}
