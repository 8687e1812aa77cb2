package api

import (
	"net/http"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

func peopleRoutes() []route {
	person := param{"path", "principal", "the person's random id, 26 characters"}
	return []route{
		{
			pattern: "GET /api/v1/people", action: auth.PersonManage, handle: (*call).people,
			summary: "Lists people with their roles, erased ones by their id alone, oldest first. The audit trail notes who looked.",
			params:  append([]param{listFormat()}, pageParams()...), out: Page[Person]{}, status: http.StatusOK,
		},
		{
			pattern: "GET /api/v1/roles", action: auth.PersonManage, handle: (*call).roles,
			summary: "Says what each role may do, and which people have one.",
			params:  []param{listFormat()}, out: RoleTable{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/people", action: auth.PersonManage, handle: (*call).keepPerson,
			summary: "Adds a person, or says more of the one whose external id or e-mail is given.",
			params:  []param{repeatKey()}, in: PersonOrder{}, out: KeptPerson{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/people/find", action: auth.PersonManage, handle: (*call).findPerson,
			summary: "Finds a person by principal id or by what a source calls them. The audit trail notes who looked.",
			in:      PersonSought{}, out: Person{}, status: http.StatusOK,
		},
		{
			pattern: "DELETE /api/v1/people/{principal}", action: auth.PersonErase, handle: (*call).erasePerson,
			summary: "Forgets who a person was, for ever. Lines and totals stay, under an id that is nobody's.",
			params:  []param{person}, status: http.StatusNoContent,
		},
		{
			pattern: "POST /api/v1/people/{principal}/roles", action: auth.PersonManage, handle: (*call).giveRole,
			summary: "Gives a person a role in a scope.",
			params:  []param{person, repeatKey()}, in: Role{}, out: PersonRoles{}, status: http.StatusOK,
		},
		{
			pattern: "DELETE /api/v1/people/{principal}/roles", action: auth.PersonManage, handle: (*call).takeRole,
			summary: "Takes a role from a person: the one with exactly this scope.",
			params: []param{
				person,
				{"query", "role", "admin, finance, lead or viewer"},
				{"query", "business_unit", "of the role's scope"},
				{"query", "team", "of the role's scope"},
				{"query", "application", "of the role's scope"},
			}, status: http.StatusNoContent,
		},
	}
}

// Person is who a principal id stands for. Of an erased one the id and the two
// times are left.
type Person struct {
	Principal   string    `json:"principal"`
	Name        string    `json:"name,omitempty"`
	Email       string    `json:"email,omitempty"`
	ExternalIDs []string  `json:"external_ids"` // what sources call the person
	Roles       []Role    `json:"roles"`
	Created     time.Time `json:"created,omitzero"`
	Erased      time.Time `json:"erased,omitzero"`
}

// Role is a role within a scope: business unit, team and application at most.
type Role struct {
	Role  auth.Role   `json:"role"`
	Scope spend.Scope `json:"scope"`
}

// PersonOrder says who somebody is.
type PersonOrder struct {
	Name        string   `json:"name,omitempty"`
	Email       string   `json:"email,omitempty"`        // an external id as well
	ExternalIDs []string `json:"external_ids,omitempty"` // added to those known
}

// KeptPerson is the id of a person, and whether it is a new one. It says nothing
// of who that is, so that it can be kept for a repeated request.
type KeptPerson struct {
	Principal string `json:"principal"`
	New       bool   `json:"new"`
}

// PersonSought names a person by principal id or by what a source calls them. It
// travels in a body: addresses are written into many a log.
type PersonSought struct {
	Who string `json:"who"`
}

// RoleTable says who may do what.
type RoleTable struct {
	Roles  []auth.Role  `json:"roles"`
	Rights []auth.Right `json:"rights"` // an action is nobody's but of those that are named
	Given  []GivenRole  `json:"given"`  // to people; tokens have theirs in their own list
}

// GivenRole is a role of a person, who is named by id alone.
type GivenRole struct {
	Principal string      `json:"principal"`
	Role      auth.Role   `json:"role"`
	Scope     spend.Scope `json:"scope"`
}

// PersonRoles is every role of a person.
type PersonRoles struct {
	Principal string `json:"principal"`
	Roles     []Role `json:"roles"`
}

func (c *call) people() (reply, error) {
	q, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	limit, err := pageLimit(q)
	if err != nil {
		return reply{}, err
	}
	found, err := c.People.People(c.request.Context(), q.Get("cursor"), limit+1)
	if err != nil {
		return reply{}, err
	}
	if err := c.looked("person"); err != nil {
		return reply{}, err
	}
	page := Page[Person]{Items: append([]Person{}, found[:min(len(found), limit)]...)}
	if len(found) > limit {
		page.Next = page.Items[limit-1].Principal
	}
	return pageReply(q, &page, PersonCSV)
}

func (c *call) roles() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	given, err := c.Roles.Given(c.request.Context())
	if err != nil {
		return reply{}, err
	}
	t := RoleTable{Roles: auth.Roles(), Rights: auth.Rights(), Given: []GivenRole{}}
	for i := range given {
		t.Given = append(t.Given, GivenRole{given[i].Principal, given[i].Role, given[i].Scope})
	}
	return pageReply(v, &t, writeRoles)
}

// looked notes who was told whom a principal id stands for.
func (c *call) looked(target string) error {
	return c.Audit.Note(c.request.Context(), auth.Note{Who: c.who, Action: auth.PersonManage, Target: target + "/look"})
}

func (c *call) keepPerson() (reply, error) {
	var order PersonOrder
	if err := decode(c.body, &order); err != nil {
		return reply{}, err
	}
	request := auth.PersonRequest{Name: order.Name, Email: order.Email, ExternalIDs: order.ExternalIDs}
	if err := request.Validate(); err != nil {
		return reply{}, err
	}
	kept, err := c.People.KeepPerson(c.request.Context(), c.who, request)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, kept), nil
}

func (c *call) findPerson() (reply, error) {
	var sought PersonSought
	if err := decode(c.body, &sought); err != nil {
		return reply{}, err
	}
	person, err := c.People.FindPerson(c.request.Context(), sought.Who)
	if err != nil {
		return reply{}, err
	}
	if err := c.looked("person/" + person.Principal); err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, person), nil
}

func (c *call) erasePerson() (reply, error) {
	principal, err := c.principal()
	if err != nil {
		return reply{}, err
	}
	if _, err := c.People.ErasePerson(c.request.Context(), c.who, principal); err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusNoContent}, nil
}

// principal reads the id in the path. A name is refused, without being repeated.
func (c *call) principal() (string, error) {
	id := c.request.PathValue("principal")
	if !auth.IsPrincipal(id) {
		return "", spend.Errorf(spend.KindInvalid, "read the principal", "the path has no principal id of 26 characters").
			WithHint("POST /api/v1/people/find gives the id of whoever a source calls by a name; names do not belong in addresses")
	}
	return id, nil
}

func (c *call) giveRole() (reply, error) {
	principal, err := c.principal()
	if err != nil {
		return reply{}, err
	}
	var role Role
	if err := decode(c.body, &role); err != nil {
		return reply{}, err
	}
	ctx := c.request.Context()
	to := auth.PersonGrant{Principal: principal, Grant: auth.Grant{Role: role.Role, Scope: role.Scope}}
	if err := c.Roles.GiveRole(ctx, c.who, to); err != nil {
		return reply{}, err
	}
	person, err := c.People.FindPerson(ctx, principal)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, PersonRoles{principal, person.Roles}), nil
}

func (c *call) takeRole() (reply, error) {
	principal, err := c.principal()
	if err != nil {
		return reply{}, err
	}
	q, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	scope := spend.Scope{BusinessUnit: q.Get("business_unit"), Team: q.Get("team"), Application: q.Get("application")}
	from := auth.PersonGrant{Principal: principal, Grant: auth.Grant{Role: auth.Role(q.Get("role")), Scope: scope}}
	if err := c.Roles.TakeRole(c.request.Context(), c.who, from); err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusNoContent}, nil
}
