package auth

// Reach says how far a role's right to an action goes, in words.
type Reach string

// The reaches.
const (
	OwnScope   Reach = "own scope"
	Everywhere Reach = "everywhere"
)

// Right is an action with the reach of each role that has it.
type Right struct {
	Action Action         `json:"action"`
	Reach  map[Role]Reach `json:"reach"`
	Second bool           `json:"second"` // who decides must not be the one who prepared
}

// Rights tells the whole policy, in its order.
func Rights() []Right {
	words := map[reach]Reach{own: OwnScope, all: Everywhere}
	var rights []Right
	for _, r := range table() {
		right := Right{Action: r.action, Reach: map[Role]Reach{}, Second: r.second}
		for i, role := range Roles() {
			if word, has := words[r.reach[i]]; has {
				right.Reach[role] = word
			}
		}
		rights = append(rights, right)
	}
	return rights
}
