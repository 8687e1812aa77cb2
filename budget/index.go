package budget

// index finds the limits that may match a subject: each stands under the values
// of its rarest dimension.
type index struct {
	places [len(values{})]map[string][]int32
	tags   map[string]map[string][]int32
	all    []int32 // limits for every call
}

// pair is a value in a dimension.
type pair struct {
	dimension
	value string
}

func newIndex(limits []limit) index {
	often := map[pair]int{}
	for i := range limits {
		for _, c := range limits[i].where {
			for _, value := range c.wants {
				often[pair{c.dimension, value}]++
			}
		}
	}
	x := index{tags: map[string]map[string][]int32{}}
	for i := range limits {
		x.add(int32(i), limits[i].where, often)
	}
	return x
}

func (x *index) add(i int32, where []condition, often map[pair]int) {
	if len(where) == 0 {
		x.all = append(x.all, i)
		return
	}
	rarest, fewest := where[0], -1
	for _, c := range where {
		most := 0
		for _, value := range c.wants {
			most = max(most, often[pair{c.dimension, value}])
		}
		if fewest < 0 || most < fewest {
			rarest, fewest = c, most
		}
	}
	x.under(i, rarest)
}

func (x *index) under(i int32, c condition) {
	if c.place < 0 && x.tags[c.tag] == nil {
		x.tags[c.tag] = map[string][]int32{}
	}
	if c.place >= 0 && x.places[c.place] == nil {
		x.places[c.place] = map[string][]int32{}
	}
	under := x.tags[c.tag]
	if c.place >= 0 {
		under = x.places[c.place]
	}
	for _, value := range c.wants {
		if n := len(under[value]); n == 0 || under[value][n-1] != i {
			under[value] = append(under[value], i)
		}
	}
}

// each calls f for the limits that may match, each once.
func (x *index) each(v *values, s *Subject, f func(i int32)) {
	for _, i := range x.all {
		f(i)
	}
	for place, under := range x.places {
		for _, i := range under[v[place]] {
			f(i)
		}
	}
	for tag, under := range x.tags {
		for _, i := range under[s.Tags[tag]] {
			f(i)
		}
	}
}
