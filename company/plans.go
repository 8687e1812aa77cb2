package company

import "time"

// plan says which models a workflow calls, era by era.
type plan []era

// era begins on a day of 2026 and lasts until the next one; the first has
// always been. Each run draws one offer by its parts of a hundred.
type era struct {
	from  date
	parts []part
}

type part struct {
	offer   offerID
	percent int64
}

// The plans of the house. Dates of change are those of launches, price cuts and
// rises in the sellers' real history.
var (
	// Coding moves to Sonnet 5 on its launch, and its hardest part to Opus 5.
	coding = plan{
		{date{time.January, 1}, []part{{sonnet46, 62}, {opus46, 14}, {gpt54, 14}, {sonnet45, 10}}},
		{date{time.June, 1}, []part{{sonnet46, 64}, {opus48, 18}, {gpt54, 14}, {sonnet45, 4}}},
		{date{time.July, 2}, []part{{sonnet5, 30}, {sonnet46, 38}, {opus48, 18}, {gpt54, 14}}},
		{date{time.July, 13}, []part{{sonnet5, 68}, {opus48, 18}, {gpt56Sol, 14}}},
		{date{time.July, 27}, []part{{sonnet5, 70}, {opus5, 16}, {gpt56Sol, 14}}},
	}
	// Underwriting moves from gpt-5.4 to gpt-5.6-sol within July, before its cut.
	appraising = plan{
		{date{time.January, 1}, []part{{gpt54, 100}}},
		{date{time.July, 13}, []part{{gpt54, 70}, {gpt56Sol, 30}}},
		{date{time.July, 20}, []part{{gpt54, 25}, {gpt56Sol, 75}}},
		{date{time.July, 27}, []part{{gpt56Sol, 100}}},
	}
	// Escalated tickets get the strongest model there is, whatever it costs.
	deepening = plan{
		{date{time.January, 1}, []part{{opus46, 80}, {gpt54, 20}}},
		{date{time.June, 1}, []part{{opus48, 80}, {gpt54, 20}}},
		{date{time.July, 27}, []part{{opus5, 85}, {gpt56Sol, 15}}},
	}
	// Desk agents take gpt-5.6-terra once it is cheap.
	deskWork = plan{
		{date{time.January, 1}, []part{{gpt52, 55}, {sonnet46, 45}}},
		{date{time.July, 6}, []part{{gpt52, 50}, {sonnet5, 50}}},
		{date{time.July, 31}, []part{{gpt56Terra, 60}, {sonnet5, 40}}},
	}
	// Always-on agents run on what is cheapest, and still cost more each month.
	watching = plan{
		{date{time.January, 1}, []part{{haiku45, 60}, {gpt5Mini, 40}}},
		{date{time.August, 3}, []part{{haiku45, 35}, {gpt56Luna, 50}, {gpt5Mini, 15}}},
		{date{time.September, 7}, []part{{haiku45, 20}, {gpt56Luna, 65}, {gemini37Flash, 15}}},
	}
	talking = plan{
		{date{time.January, 1}, []part{{gpt5Mini, 82}, {gpt5Priority, 6}, {gpt5, 12}}},
		{date{time.August, 3}, []part{{gpt56Luna, 45}, {gpt5Mini, 45}, {gpt5Priority, 4}, {gpt5, 6}}},
		{date{time.August, 24}, []part{{gpt56Luna, 90}, {gpt5Mini, 8}, {gpt5Priority, 2}}},
	}
	reading = plan{
		{date{time.January, 1}, []part{{gemini25Flash, 100}}},
		{date{time.July, 23}, []part{{gemini25Flash, 70}, {gemini36Flash, 30}}},
		{date{time.August, 14}, []part{{gemini25Flash, 25}, {gemini36Flash, 25}, {gemini37Flash, 50}}},
		{date{time.September, 14}, []part{{gemini37Flash, 100}}},
	}
	researching = plan{
		{date{time.January, 1}, []part{{gemini3Pro, 50}, {opus46, 30}, {gpt55, 20}}},
		{date{time.July, 27}, []part{{gemini3Pro, 45}, {opus5, 35}, {gpt55, 20}}},
		{date{time.September, 7}, []part{{gemini3Pro, 40}, {opus5, 35}, {gpt55, 10}, {gpt6Astra, 15}}},
	}
	// Night work leaves DeepSeek in part when its price doubles in August.
	bulk = plan{
		{date{time.January, 1}, []part{{deepseekFlash, 75}, {gpt41Batch, 25}}},
		{date{time.August, 31}, []part{{deepseekFlash, 40}, {gpt41Batch, 25}, {gpt56Luna, 35}}},
	}
	sorting = plan{
		{date{time.January, 1}, []part{{deepseekFlash, 40}, {gemini25Flash, 40}, {bedrockNova, 20}}},
		{date{time.August, 3}, []part{{deepseekFlash, 25}, {gemini25Flash, 35}, {bedrockNova, 15}, {gpt56Luna, 25}}},
	}
	writing = plan{
		{date{time.January, 1}, []part{{haiku45, 50}, {gpt4o, 35}, {sonnet45, 15}}},
		{date{time.July, 6}, []part{{haiku45, 50}, {gpt4o, 20}, {sonnet5, 30}}},
	}
	// What must stay in Europe: an alias that its seller repoints on 26 June at
	// almost four times the price, and a regional deployment.
	european = plan{
		{date{time.January, 1}, []part{{mistralMedium, 60}, {azure4o, 40}}},
		{date{time.July, 20}, []part{{mistralMedium, 25}, {azure4o, 40}, {mistralLarge, 35}}},
		{date{time.September, 1}, []part{{mistralLarge, 40}, {azure4o, 20}, {azureSol, 40}}},
	}
	regulated = plan{
		{date{time.January, 1}, []part{{bedrockSonnet, 100}}},
		{date{time.August, 3}, []part{{bedrockSonnet, 60}, {bedrockTerra, 40}}},
	}
	brokering = plan{
		{date{time.January, 1}, []part{{gpt5Mini, 70}, {gpt4o, 30}}},
		{date{time.August, 10}, []part{{azureLuna, 80}, {gpt4o, 20}}},
	}
	marketing    = plan{{date{time.January, 1}, []part{{marketHaiku, 60}, {marketMini, 40}}}}
	experiments  = plan{{date{time.January, 1}, []part{{deepseekPro, 50}, {grok43, 50}}}}
	previewing   = plan{{date{time.January, 1}, []part{{unknownPreview, 100}}}}
	indexing     = plan{{date{time.January, 1}, []part{{smallEmbeddingBatch, 100}}}}
	searching    = plan{{date{time.January, 1}, []part{{smallEmbedding, 100}}}}
	transcribing = plan{{date{time.January, 1}, []part{{transcriber, 100}}}}
	voicemail    = plan{{date{time.January, 1}, []part{{whisper, 100}}}}
	painting     = plan{{date{time.January, 1}, []part{{imageMaker, 100}}}}
)

// at draws the offer of a run that starts in an hour since 1970.
func (p plan) at(hour int64, d *dice) *offer {
	parts := p[0].parts
	for _, e := range p[1:] {
		if hour >= hourOf(e.from) {
			parts = e.parts
		}
	}
	left := d.below(100)
	for _, part := range parts {
		if left -= part.percent; left < 0 {
			return &offers[part.offer]
		}
	}
	return &offers[parts[0].offer]
}
