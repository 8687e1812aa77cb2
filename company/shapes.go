package company

// shape is how the runs of a workflow look.
type shape struct {
	name      string // what the workflow's page says
	kind      string // the operation of its calls
	steps     spread // calls of a run
	gap       spread // milliseconds from one call to the next
	prompt    curve  // mean prompt tokens by step, cached ones included
	cached    curve  // thousandths of the prompt read from a cache by step, where the model caches
	reply     spread // completion tokens, reasoning excluded
	reasoning int64  // reasoning tokens per thousand of the reply, where the model reasons
	tools     int64  // thousandths of the fresh prompt that tools put in
	images    int64  // thousandths of the fresh prompt that are image tokens
	searches  int64  // calls in a thousand that search the web
	delegates int64  // steps in a thousand that start a sub-agent
}

// What grows in every agent's run: the conversation is sent again with each
// step, and all but its last part comes from the cache.
var (
	agentPrompt = curve{{1, 1_840}, {8, 7_200}, {30, 19_000}, {60, 33_500}, {95, 49_000}, {160, 66_000}, {250, 92_000}}
	agentCache  = curve{{1, 20}, {2, 480}, {4, 700}, {8, 810}, {30, 895}, {60, 925}, {81, 940}}
)

// The shapes of the house.
var (
	codingAgent = shape{
		name: "coding agent", kind: "chat",
		steps:  spread{4, 22, 36, 52, 70, 84, 118, 190, 250},
		gap:    spread{2_500, 4_000, 6_000, 9_000, 14_000, 20_000, 45_000, 90_000, 180_000},
		prompt: agentPrompt, cached: agentCache,
		reply:     spread{40, 110, 180, 330, 620, 950, 2_400, 6_000, 9_000},
		reasoning: 900, tools: 120, delegates: 6,
	}
	deskAgent = shape{
		name: "desk agent", kind: "chat",
		steps:  spread{2, 4, 7, 12, 20, 30, 62, 130, 200},
		gap:    spread{1_500, 3_000, 5_000, 8_000, 12_000, 18_000, 40_000, 90_000, 120_000},
		prompt: agentPrompt, cached: agentCache,
		reply:     spread{30, 90, 150, 260, 420, 600, 1_300, 3_000, 4_500},
		reasoning: 600, tools: 200, searches: 4, delegates: 15,
	}
	researchAgent = shape{
		name: "research agent", kind: "chat",
		steps:  spread{3, 8, 15, 28, 45, 62, 110, 190, 240},
		gap:    spread{4_000, 7_000, 11_000, 18_000, 28_000, 40_000, 80_000, 150_000, 240_000},
		prompt: agentPrompt, cached: agentCache,
		reply:     spread{80, 220, 420, 800, 1_500, 2_400, 5_200, 9_000, 14_000},
		reasoning: 1_400, tools: 350, searches: 220, delegates: 30,
	}
	monitorAgent = shape{
		name: "always-on agent", kind: "chat",
		steps:  spread{2, 3, 6, 10, 18, 26, 60, 140, 220},
		gap:    spread{4_000, 9_000, 15_000, 25_000, 40_000, 60_000, 120_000, 240_000, 300_000},
		prompt: agentPrompt, cached: agentCache,
		reply:     spread{20, 60, 110, 190, 320, 450, 1_000, 2_500, 4_000},
		reasoning: 500, tools: 260, delegates: 10,
	}
	caseAgent = shape{
		name: "case agent", kind: "chat",
		steps:  spread{18, 60, 100, 140, 190, 240, 400, 520, 640},
		gap:    spread{2_500, 4_000, 7_000, 11_000, 16_000, 24_000, 50_000, 90_000, 150_000},
		prompt: curve{{1, 9_500}, {8, 22_000}, {30, 46_000}, {60, 68_000}, {110, 92_000}, {250, 128_000}, {640, 150_000}}, cached: agentCache,
		reply:     spread{40, 120, 210, 380, 700, 1_050, 2_300, 5_000, 8_000},
		reasoning: 900, tools: 300, delegates: 4,
	}
	conversation = shape{
		name: "conversation", kind: "chat",
		steps:  spread{1, 1, 3, 5, 8, 11, 20, 36, 60},
		gap:    spread{8_000, 20_000, 35_000, 60_000, 110_000, 160_000, 300_000, 500_000, 600_000},
		prompt: curve{{1, 1_250}, {5, 3_100}, {20, 7_800}, {60, 14_000}},
		cached: curve{{1, 300}, {3, 560}, {10, 720}},
		reply:  spread{15, 90, 160, 260, 390, 520, 900, 1_800, 2_600}, reasoning: 250,
	}
	drafting = shape{
		name: "drafting", kind: "chat",
		steps:  spread{1, 1, 1, 2, 3, 4, 7, 12, 18},
		gap:    spread{10_000, 30_000, 60_000, 120_000, 200_000, 300_000, 500_000, 600_000, 600_000},
		prompt: curve{{1, 3_400}, {4, 5_600}, {18, 9_000}},
		cached: curve{{1, 150}, {3, 420}},
		reply:  spread{120, 380, 620, 950, 1_400, 1_900, 3_400, 5_500, 8_000}, reasoning: 400,
	}
	extraction = shape{
		name: "document extraction", kind: "chat",
		steps:  spread{1, 1, 2, 4, 7, 11, 28, 70, 110},
		gap:    spread{700, 1_200, 2_000, 3_500, 6_000, 9_000, 20_000, 45_000, 60_000},
		prompt: curve{{1, 4_600}}, cached: curve{{1, 180}},
		reply: spread{40, 160, 280, 460, 720, 1_000, 2_200, 4_000, 6_000}, reasoning: 120,
	}
	classification = shape{
		name: "classification", kind: "chat",
		steps:  spread{1, 1, 1, 1, 2, 2, 4, 8, 12},
		gap:    spread{300, 500, 800, 1_200, 2_000, 3_000, 6_000, 9_000, 12_000},
		prompt: curve{{1, 820}}, cached: curve{{1, 100}},
		reply: spread{2, 5, 9, 18, 40, 70, 160, 300, 500},
	}
	photoReview = shape{
		name: "photo review", kind: "chat",
		steps:  spread{1, 1, 2, 4, 6, 9, 18, 32, 48},
		gap:    spread{900, 1_500, 2_500, 4_000, 6_000, 9_000, 15_000, 25_000, 30_000},
		prompt: curve{{1, 2_300}}, reply: spread{30, 80, 130, 210, 320, 440, 800, 1_400, 2_000}, reasoning: 200, images: 800,
	}
	nightBatch = shape{
		name: "nightly batch", kind: "chat",
		steps:  spread{60, 120, 180, 260, 380, 500, 800, 1_200, 1_600},
		gap:    spread{150, 300, 500, 900, 1_500, 2_200, 4_000, 6_000, 8_000},
		prompt: curve{{1, 2_100}}, cached: curve{{1, 120}},
		reply: spread{20, 90, 170, 300, 480, 650, 1_300, 2_600, 4_000}, reasoning: 100,
	}
	embedding = shape{
		name: "embedding", kind: "embeddings",
		steps:  spread{1, 1, 1, 2, 4, 8, 30, 80, 120},
		gap:    spread{80, 150, 250, 400, 700, 1_000, 2_000, 3_000, 4_000},
		prompt: curve{{1, 310}},
	}
	nightEmbedding = shape{
		name: "nightly embedding", kind: "embeddings",
		steps:  spread{120, 220, 320, 450, 700, 900, 1_500, 2_200, 3_000},
		gap:    spread{60, 110, 160, 240, 380, 500, 900, 1_500, 2_000},
		prompt: curve{{1, 5_800}},
	}
	listening = shape{
		name: "transcription", kind: "transcription",
		steps:  spread{1, 1, 2, 4, 7, 10, 18, 30, 40},
		gap:    spread{5_000, 15_000, 30_000, 60_000, 60_000, 90_000, 120_000, 180_000, 240_000},
		prompt: curve{{1, 2_400}}, reply: spread{60, 240, 520, 1_000, 1_700, 2_300, 4_000, 6_500, 9_000},
	}
	picturing = shape{
		name: "image making", kind: "image",
		steps:  spread{1, 2, 3, 5, 8, 12, 20, 30, 40},
		gap:    spread{15_000, 25_000, 40_000, 60_000, 90_000, 120_000, 240_000, 300_000, 400_000},
		prompt: curve{{1, 140}},
	}
)
