package protocol

// take reads one field.
func (a *Answer) take(told value) {
	f, v := &a.frame, &told
	switch v.is {
	case outType:
		f.kindLen = copy(f.kind[:], v.text)
	case outID:
		a.keep(&f.id, &a.facts.Response, v)
	case outModel:
		a.keep(&f.model, &a.facts.Model, v)
	case outTier:
		a.keep(&f.tier, &a.facts.Tier, v)
	case outStatus:
		a.keep(&f.status, &a.status, v)
	case outStop:
		a.keep(&f.stop, &a.facts.Stop, v)
	case outReason:
		a.keep(&f.reason, &a.facts.Stop, v)
	case outUsage:
		a.takeUsage(v)
	case outChoice:
		f.choices++
	case outText:
		f.text += int64(v.size())
		f.begun = f.begun || v.size() > 0
	case outBegun:
		f.begun = true
	default:
		a.takeRest(v)
	}
}

func (a *Answer) takeRest(v *value) {
	f := &a.frame
	switch v.is {
	case outError:
		f.failed = f.failed || v.kind != 'n'
	case outErrorType:
		a.keep(&f.errorType, &a.facts.ErrorType, v)
	case outErrorCode:
		a.keep(&f.errorCode, &a.facts.ErrorCode, v)
	case outItemType:
		f.item.kind = label(v.text)
	case outAction:
		f.item.action = label(v.text)
	case outItem:
		f.addItem()
	case outAside:
		if v.kind == '{' && !v.long {
			f.aside = append(f.aside[:0], v.text...)
		}
	}
}

// keep keeps a label of the frame. What is known already costs no memory.
func (a *Answer) keep(to, known *string, v *value) {
	switch {
	case v.kind == 'n' || v.long || len(v.text) == 0:
	case string(v.text) == *known:
		*to = *known
	default:
		*to = label(v.text)
	}
}

// takeUsage keeps the usage of the frame; null tells nothing.
func (a *Answer) takeUsage(v *value) {
	f := &a.frame
	if f.usageKind == 0 || v.kind != 'n' {
		f.usageKind = v.kind
		f.usageAt = place{v.before, v.end}
		f.usageFirst = v.first
		f.usageLong = v.long
		f.usage = append(f.usage[:0], v.text...)
	}
}
