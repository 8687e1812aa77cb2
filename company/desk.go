package company

import "github.com/bursarhq/bursar/spend"

// desk is a workflow at its place in the organisation, with everything that its
// runs share and its part of the history's events.
type desk struct {
	*Workflow
	place  int         // among the desks
	scope  spend.Scope // business unit to workflow, cost centre, credential, tags
	people []string    // principals of a workflow that people start
	serves bool
	level  curve // its trend
	weight int64 // of the whole window
	events int64
}

func desksOf(o Organisation) (all []desk) {
	for _, unit := range o.Units {
		for _, team := range unit.Teams {
			for _, application := range team.Applications {
				all = append(all, desksIn(unit.Name, &team, &application)...)
			}
		}
	}
	for i := range all {
		all[i].place = i
	}
	return all
}

func desksIn(unit string, team *Team, application *Application) (all []desk) {
	staff := numbered("p-"+team.CostCentre[3:], 30)
	tags := map[string]string{"data_class": application.Data, "team_chat": "#" + team.Name}
	for i := range application.Workflows {
		w := &application.Workflows[i]
		d := desk{Workflow: w, serves: application.Serves, level: w.level(), scope: spend.Scope{
			BusinessUnit: unit, Team: team.Name, Application: application.Name, Workflow: w.Name,
			CostCentre: team.CostCentre, Credential: application.Credential(),
			Principal: "svc-" + application.Name, Feature: w.Feature, Tags: tags,
		}}
		if w.rhythm.staff {
			d.people = staff
		}
		all = append(all, d)
	}
	return all
}

func (w *Workflow) level() curve {
	if w.trend == nil {
		return steady.curve()
	}
	return w.trend.curve()
}

// weight is the desk's expected part of an hour: the level and rhythm of its
// workflow, a share of chance by day and by hour, and the incident.
func (c *Company) weight(d *desk, at clock) int64 {
	usual := d.volume * d.level.at(at.hour) * d.rhythm.share(at)
	if usual == 0 {
		return 0
	}
	place := uint64(d.place)
	day := dice(c.seed ^ mix(uint64(at.hour/24)<<8^place))
	hour := dice(c.seed ^ mix(uint64(at.hour)<<32^place))
	usual = day.around(hour.around(usual, 18), 8)
	if c.loop.covers(d.Name, at.hour) {
		usual *= c.loop.factor
	}
	return usual
}
