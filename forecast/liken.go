package forecast

import "slices"

// Likeness says what a series that is too young is like.
type Likeness struct {
	Nodes   []int   // places of what it is like
	Aged    bool    // their first values are their beginnings, so that it does at an age what they did
	Starts  int     // steps ahead at which it begins, of one without values
	Scale   float64 // its size by theirs, of one without values
	Because string  // why it is like them
}

// likened continues a series that is too short to be forecast by itself: its own level,
// and the course of what it is a part of, over the steps that both have.
func likened(s, model *Series, course *Answer, ask *Ask) Answer {
	a := Answer{Name: s.Name, Mean: make([]float64, ask.Horizon), Likened: true}
	own, all, count := 0.0, 0.0, 0.0
	shift := len(model.Values) - len(s.Values)
	for i, v := range s.Values {
		if shift+i >= 0 && given(v) && given(model.Values[shift+i]) {
			own += v
			all += model.Values[shift+i]
			count++
		}
	}
	for k := range a.Mean {
		switch {
		case count > 0 && all > 0:
			a.Mean[k] = course.Mean[k] * own / all
		case count > 0:
			a.Mean[k] = own / count
		}
		a.Total.Mean += a.Mean[k]
	}
	for _, level := range ask.Levels {
		a.Bounds = append(a.Bounds, Bounds{Level: level})
		a.Total.Bounds = append(a.Total.Bounds, TotalBounds{Level: level})
	}
	return a
}

// grow gives a young series the course that the ones like it had at its age: its own level
// by theirs until then, and the median of what each came to after that. Within a week it
// follows the days of what it is a part of.
//
// Worked example: one like it came to 10 a day in its first two weeks and to 40 a day in
// the four weeks after. What came to 5 a day in its first two weeks is forecast as 20.
func (a *Answer) grow(s *Series, like *Likeness, models []*Series, course *Answer) {
	age, horizon := len(s.Values), len(a.Mean)
	level := like.Scale
	if age > 0 {
		level = meanGiven(s.Values)
	}
	week := rhythm(course.Mean)
	for k := range a.Mean {
		var said []float64
		for _, m := range models {
			at := age + k - like.Starts
			switch {
			case at < 0:
				said = append(said, 0)
			case age == 0:
				said = append(said, smoothAt(m.Values, at))
			default:
				said = append(said, grownBy(meanGiven(m.Values[:age]), smoothAt(m.Values, at)))
			}
		}
		a.Mean[k] = level * median(said) * week[k%min(plainSeason, horizon)]
	}
}

// grownBy is how many times as much something has become, as it was where it was nothing.
func grownBy(then, now float64) float64 {
	if then <= 0 {
		return 1
	}
	return min(max(now/then, 0), mostEffect)
}

// meanGiven is the mean of what was measured, 0 of nothing.
func meanGiven(values []float64) float64 {
	all := slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return !given(v) })
	if len(all) == 0 {
		return 0
	}
	return mean(all)
}

// smoothAt is the mean of the week around a step.
func smoothAt(values []float64, at int) float64 {
	half := plainSeason / 2
	return meanGiven(values[max(0, at-half):min(len(values), at+half+1)])
}

// rhythm is each day of a week by their mean, from the first step on; ones where there is
// none.
func rhythm(course []float64) []float64 {
	n := min(plainSeason, len(course))
	out := slices.Repeat([]float64{1}, n)
	if level := mean(course[:n]); level > 0 {
		for i := range out {
			out[i] = course[i] / level
		}
	}
	return out
}

// follow takes the course of one series that it is like and whose beginning nobody knows,
// from its start on at a scale. It has no values yet.
func (a *Answer) follow(like *Likeness, course *Answer) {
	for k := range a.Mean {
		if a.Mean[k] = 0; k >= like.Starts {
			a.Mean[k] = like.Scale * course.Mean[k]
		}
	}
}
