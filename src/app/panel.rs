//! The panels of the screens and what each shows, in a sentence.

/// A panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PanelId {
    /// The text so far.
    Text,
    /// The next token's candidates.
    Candidates,
    /// The sliders.
    Sampling,
    /// The random number and where it landed.
    Draw,
    /// The KV cache and timings.
    Cache,
    /// The stop conditions.
    Stop,
    /// Lanes side by side.
    Lanes,
    /// The candidates of two lanes.
    Beside,
    /// All paths walked.
    Tree,
    /// Where the seeds went.
    Seeds,
    /// The tokens that decide most about the text.
    Forks,
    /// The texts that seeds came to.
    Endings,
    /// The beams of a search.
    Beam,
    /// The continuations that a round of the search has looked at.
    Round,
    /// The beams that came to their end.
    Finished,
    /// The best text of the search, beside others.
    Winner,
    /// The text of speculative decoding.
    Drafted,
    /// A round of drafted and verified tokens.
    Draft,
    /// One place of a draft: p, q, and what p has more.
    Place,
    /// What speculative decoding gains.
    Gains,
    /// Its speed with drafts of every length.
    DraftSweep,
    /// Many seeds to their first tokens.
    Shares,
    /// How tokens are drafted.
    DraftSettings,
    /// One step, large.
    Present,
    /// The canvas of a diffusion model.
    Canvas,
    /// The scores of its masked positions.
    Scores,
    /// How many positions are masked after which step.
    Schedule,
    /// One position of it.
    Position,
    /// The sliders of it.
    CanvasSettings,
    /// A model that chooses one token after the other, beside it.
    LeftToRight,
    /// Neighbours that opened in one step.
    Neighbours,
    /// The canvas written in different numbers of steps.
    StepSweep,
    /// The same text with the KV cache and without.
    CacheOnOff,
    /// Rows that go through the model together.
    Batches,
    /// The output projection.
    Vocabulary,
    /// Memory of weights and KV cache.
    Memory,
    /// The same text in several cache types.
    CacheTypes,
    /// Where the time of a token goes.
    OneToken,
    /// The lessons.
    Lessons,
    /// The selected lesson.
    Lesson,
}

impl PanelId {
    /// Every panel.
    pub const ALL: [Self; 40] = [
        Self::Text,
        Self::Candidates,
        Self::Sampling,
        Self::Draw,
        Self::Cache,
        Self::Stop,
        Self::Lanes,
        Self::Beside,
        Self::Tree,
        Self::Seeds,
        Self::Forks,
        Self::Endings,
        Self::Beam,
        Self::Round,
        Self::Finished,
        Self::Winner,
        Self::Drafted,
        Self::Draft,
        Self::Place,
        Self::Gains,
        Self::DraftSweep,
        Self::Shares,
        Self::DraftSettings,
        Self::Present,
        Self::Canvas,
        Self::Scores,
        Self::Schedule,
        Self::Position,
        Self::CanvasSettings,
        Self::LeftToRight,
        Self::Neighbours,
        Self::StepSweep,
        Self::CacheOnOff,
        Self::Batches,
        Self::Vocabulary,
        Self::Memory,
        Self::CacheTypes,
        Self::OneToken,
        Self::Lessons,
        Self::Lesson,
    ];

    /// The panel's title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Candidates => "Next token",
            Self::Sampling => "Sampling",
            Self::Draw => "Draw",
            Self::Cache => "KV cache",
            Self::Stop => "Stop conditions",
            Self::Lanes => "Lanes",
            Self::Beside => "Side by side",
            Self::Tree => "Tree",
            Self::Seeds => "Seeds",
            Self::Forks => "Critical tokens",
            Self::Endings => "Endings",
            Self::Beam => "Beams",
            Self::Round => "Round",
            Self::Finished => "Finished",
            Self::Winner => "Best text and others",
            Self::Drafted => "Drafted text",
            Self::Draft => "Rounds",
            Self::Place => "Place",
            Self::Gains => "Gains",
            Self::DraftSweep => "Sweep over γ",
            Self::Shares => "256 seeds",
            Self::DraftSettings => "Drafts",
            Self::Present => "Present",
            Self::Canvas => "Canvas",
            Self::Scores => "Scores",
            Self::Schedule => "Schedule",
            Self::Position => "Position",
            Self::CanvasSettings => "Settings",
            Self::LeftToRight => "Against left to right",
            Self::Neighbours => "Neighbours opened together",
            Self::StepSweep => "Sweep of steps",
            Self::CacheOnOff => "KV cache on and off",
            Self::Batches => "Prefill and decode",
            Self::Vocabulary => "Vocabulary",
            Self::Memory => "Memory",
            Self::CacheTypes => "Cache types",
            Self::OneToken => "One token",
            Self::Lessons => "Lessons",
            Self::Lesson => "Lesson",
        }
    }

    /// What it shows, for somebody who sees it for the first time.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a few sentences for each panel")]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Text => {
                "Every token of the prompt and the generated text, coloured by how likely the model found it. Move \
                 the cursor to a token to see the choice it came from; Enter continues from there and keeps the old \
                 path. The chart below is the probability of an end token, on a scale from 1e-6 (one in a million) to \
                 1. ↻ marks text repeated in a loop."
            }
            Self::Candidates => {
                "The model gives every token in its vocabulary a number, its logit. Softmax (e to the logit, divided \
                 by the sum over all tokens) turns the logits into probabilities: the raw bar. The sampling settings \
                 then cut and reshape them: the final bar, from which the next token is drawn. Bars go from 0 to 1. \
                 Σ raw is the sum of raw from the top down. Each token that was cut shows which setting cut it."
            }
            Self::Sampling => {
                "The settings between the model's probabilities and the draw. Move one and the final bars change at \
                 once; the raw ones, the model's, stay as they are. Dragged away from its row, a slider moves by its \
                 finest steps. The chain lists the stages in order, each with its setting and, where it cut, how many \
                 are left. * marks settings that differ from the preset."
            }
            Self::Draw => {
                "The remaining candidates, side by side, each as wide as its final probability. A random number u \
                 between 0 and 1 picks the one it lands on. The seed determines the whole sequence of random numbers."
            }
            Self::Cache => {
                "For every token the model stores a key and a value in each layer, so that it does not have to read \
                 the whole text again for each new token. The cache grows by one cell per token; when all cells are \
                 used, the context is full. Each path has its own cache and therefore the same tokens as a separate \
                 run; if there is not enough memory for that, all paths share one."
            }
            Self::Stop => {
                "What can stop generation, and how close each condition is: the model's own end token, the token limit, \
                 a stop text, the context size, the time limit, and your own rules: sentences, lines, a regular expression, \
                 a loop, a limit on entropy or on the top probability. The first one met stops the text. Conditions \
                 that are off show where they would have stopped it. {show-stops} lists them all and changes each."
            }
            Self::Lanes => {
                "Each lane continues the shared prompt, or its own (marked ¶), with its own settings. As long as lanes \
                 choose the same tokens they use the same logits, which are computed once. ◆ marks the token where \
                 a lane diverges from the first lane with the same prompt. With the same random numbers for all, only \
                 the settings differ. distinct-1, -2 and -3 are the shares of distinct tokens, pairs and triples; \
                 repeated is the share of 4-grams that occurred before. ↻ marks a loop: where it starts, how often \
                 it repeats, and how many tokens long it is. … stands for the shared prompt, ▏ is where a lane goes on, \
                 ■ where it has stopped, ▹ where changed settings would have made it diverge. A seed is that of the text \
                 as it was drawn; next is the seed from here on."
            }
            Self::Tree => {
                "Every path generated so far from this prompt. The tokens between two forks are one row: p is the \
                 probability of its first token given everything before it; joint is that of the whole text up to \
                 the end of the row, both from the model itself. Enter continues from the end of a row on the step \
                 screen. ▾ has rows below it, ▸ hides them, · has none; ✎ was picked by hand; [a name] is yours."
            }
            Self::Seeds => {
                "Many seeds continue the same prompt with the same settings; text that several seeds have in common \
                 is one row. p is the exact probability of its first token after sampling; share is the fraction of \
                 the seeds that reached this point and drew it. The more seeds, the closer the two: ± is the standard \
                 deviation of a share, √(p(1−p)/seeds). With XTC, mirostat or a grammar, seeds draw from different \
                 distributions, and p is the mean over those that drew the token. raw is the model's own probability. \
                 ▾ has rows below it, ▸ hides them, ■ is a text that has stopped, · one that goes on."
            }
            Self::Forks => {
                "The tokens where seeds diverge, the most decisive first. bits: how much of the choice between texts \
                 is made here; together they add up to the entropy of the texts. distance: how far the shares are \
                 from the probabilities, as half the sum of the differences (total variation distance): 0 if they \
                 agree, 1 if they have nothing in common."
            }
            Self::Endings => {
                "The different texts, finished ones first, each group sorted by number of seeds: their share of the \
                 seeds, and ln P, the natural logarithm of the text's joint probability under the model itself. A \
                 text's share of the seeds and its probability under the model are not the same: the sampling settings \
                 come in between. A row begins where its text diverges from the one most like it; the selected text stands \
                 below whole."
            }
            Self::Beam => {
                "Beam search keeps the k likeliest texts so far, its beams. p is the probability of a text's last \
                 token; ln P is the logarithm of the joint probability of all its tokens, which falls with every token. \
                 The score, ln P divided by a length penalty, compensates for that so that long texts have a chance. \
                 Sampling settings do not affect it."
            }
            Self::Round => {
                "Every beam branches into its likeliest continuations, and the best of all of them are kept: an arrow \
                 shows the new place of each. The rest are pruned. One beam can take several places and another can \
                 lose its own, which is how the search looks further than one token ahead. A text that ends is finished."
            }
            Self::Finished => {
                "Texts that ended: with the model's end token, at the token limit or at a stop text. Each uses up \
                 one of the beams. The best score is the best text. The search ends when no beam can beat it any more, \
                 or as set for early stopping. ★ is the best text."
            }
            Self::Winner => {
                "The best text compared with greedy decoding, which always takes the likeliest token, and with a sample \
                 drawn with the settings of the step screen. ◆ marks where each diverges from the best text. Greedy \
                 decoding cannot see that a less likely token may lead to a likelier text; a sample is often less \
                 likely, and less bland."
            }
            Self::Drafted => {
                "The text, coloured by how each token came: drafted and accepted, corrected (it stands in place of a refused \
                 one), bonus (one more after a draft that was accepted whole), plain (nothing was drafted), by hand. Under \
                 match it is, token for token, the text of plain decoding with the same seed, which is decoded beside it \
                 and compared."
            }
            Self::Draft => {
                "A small model, or the text so far, proposes some tokens; the model reads them all in one batch and decides \
                 how many stand. q is a token's probability under the draft, p under the model after its sampling settings; \
                 Σ min is their overlap, how likely a token drawn from q is accepted. Under match the model draws at each \
                 row (the ruler is its draw), and the draft stands while it is what was drawn; under the probabilistic rule \
                 u is held against p/q. The first refusal ends the round; rows of both caches behind it are given up."
            }
            Self::Place => {
                "The likeliest tokens at the selected place of the draft: q under the draft, p under the model; d marks the \
                 drafted one, ▸ the one that stands in the text. Where a token \
                 was refused by the probabilistic rule another is drawn from the residual: what p has more than q, scaled to \
                 one. That, and not p, is what makes the result exactly p. Enter takes the selected token by hand."
            }
            Self::Gains => {
                "How much was accepted, and what it took. The formula expects (1 − α^(γ+1)) / (1 − α) tokens a target pass for \
                 acceptance α; a round costs γ·c + v passes of one row, c a draft pass and v the pass over the draft. All \
                 times are measured here, in turn with plain decoding; a high acceptance is no speed-up by itself."
            }
            Self::DraftSweep => {
                "The same text written with drafts of each length: the bar is the measured speed against plain decoding, decoded \
                 in turn with it, and the mark is what the formula expects from the measured acceptance and times. A longer \
                 draft is not better by itself: what stands behind a refusal was drafted and read in vain."
            }
            Self::Shares => {
                "Many seeds write their first tokens by the present rule: the share of the seeds that begin with a text, beside \
                 the exact probability of that text under the model. Speculative decoding does not change the distribution; \
                 χ² says whether what was observed fits it."
            }
            Self::DraftSettings => {
                "How tokens are drafted: γ, how many the draft model proposes; p-min, below which share of its likeliest token it \
                 stops; n-min, drafts shorter than which are thrown away; for lookup, how many tokens of the end are looked \
                 for earlier in the text, and how many are copied from there. They act from the next round on."
            }
            Self::Present => {
                "One step of the text, large: the candidates for the next token, each with the probability it is drawn \
                 with under the present settings, from 0 to 100 %. The wheel has a segment for each, as large as its \
                 probability; a random number u says where it stops. Press again to step, Tab for another slider, and let \
                 the class guess before anything is seen."
            }
            Self::Canvas => {
                "A diffusion model reads the whole canvas in one pass, given words and masks alike, and says for every mask \
                 what could stand there. ░ is a mask with the likeliest token in it; ▓ opens in the next step and stays from \
                 then on; ≠ is a guess that changed since the pass before; ✎ was written by hand. What is given never \
                 changes. Colour shows when a token opened, or how sure the model was."
            }
            Self::Scores => {
                "One bar for each position that may open: the higher, the sooner. Which number decides is the score among \
                 the settings: how likely the drawn token is, how certain the distribution, how far the first token is \
                 ahead of the second, or chance. The marked bars open in this step."
            }
            Self::Schedule => {
                "How many positions are still masked after each step: as it went so far, and as the settings plan the \
                 rest. ● is now. A threshold opens as many as are sure enough, so that nothing can be planned."
            }
            Self::Position => {
                "What could stand at the selected position: the model's probabilities in the step on view, or in the step \
                 in which its token opened. Enter writes the selected candidate there, and the model goes on from that. Below: \
                 why it opens or waits, and the likeliest token of every step so far."
            }
            Self::CanvasSettings => {
                "How the canvas is written. The number of steps decides how many tokens open at once; the score decides \
                 which. A change of pace or length starts over; another temperature or score counts from here on. A value \
                 in grey follows from another slider."
            }
            Self::LeftToRight => {
                "The same prompt for a model that chooses one token after the other: a pass for each token, where diffusion \
                 opens several in one. Both texts are judged by that model: perplexity is how many tokens it was undecided \
                 between on average, lower is better. Diffusion models have no perplexity of their own. Left first: of \
                 all pairs that opened in different steps, how often the left one came first; 50 % is no order."
            }
            Self::Neighbours => {
                "Tokens that open in one step are drawn without knowing of each other. For neighbours this shows what they \
                 were drawn from, p·p, and, measured by one more pass, what it would have been with the first one written: \
                 p·p(second | first). Far below 1 the two do not go together, and one step for each would not have written them."
            }
            Self::StepSweep => {
                "The canvas written in 1, 2, 4 … steps with the same settings and random numbers. Few steps are fast, and \
                 neighbours that were drawn at once do not fit; with one token a step the text is as good as this model can \
                 write it. Perplexity is that of the other screens' model. Enter writes the canvas in so many steps."
            }
            Self::CacheOnOff => {
                "The same text written twice: with the KV cache each token is one row through the model, without it everything \
                 so far is read again for each token. P is the length of the prompt, N the number of tokens written; a row is \
                 one token through the model. With the cache a token still takes longer in a longer text, a little: it looks \
                 back at more keys and values. All of it runs in contexts of its own beside your text, on the same weights."
            }
            Self::Batches => {
                "How many tokens a second go through the model when so many rows go together, up to llama.cpp's micro-batch. \
                 A prompt is read in large passes, an answer is written in passes of one row, for each token depends on the one \
                 before. Streaming changes when a text is seen, not what it costs."
            }
            Self::Vocabulary => {
                "The last matrix of the model makes a logit for every token of the vocabulary: width × vocabulary \
                 multiply-adds a row. In small models with large vocabularies it is a large part of everything. It is measured as \
                 the difference between a pass with logits for every row and one with logits for the last row only."
            }
            Self::Memory => {
                "What the weights and the KV cache take in memory: computed from the header of the model's file, not measured. The \
                 weights are there once; keys and values are added for each token, in every layer that has attention. Numbers \
                 that do not fit beside the weights into this machine's memory are marked."
            }
            Self::CacheTypes => {
                "The same text with keys and values in 16-bit floats and in blocks of 8 or 4 bits. Smaller types take less memory \
                 and change the probabilities a little; how much is told token by token. All of them read the text that f16 wrote."
            }
            Self::OneToken => {
                "What one token takes in this program beside the model: working out the statistics of its distribution, applying \
                 the sampler chain, drawing a frame. The model's time is that of a token with the KV cache, the median over the \
                 text."
            }
            Self::Lessons => {
                "Lessons to be played, by chapter: how many minutes each takes, and how far it has come. A lesson goes on over the \
                 other screens: it sets them up, asks what will happen, and shows it. Enter begins one or takes it up again where \
                 it was left. Your own lessons lie in the folder lessons beside config.toml."
            }
            Self::Lesson => {
                "What one will be able to do after the selected lesson, and how its questions went. A wrong prediction is no \
                 failure: it makes what happens then easier to remember. Answers are worked out from what the screens show, so \
                 they are right for the model that is loaded."
            }
            Self::Beside => {
                "One choice, the same logits, two settings: what each lane's sampler chain does with the candidates. \
                 Kept by both: the share of all kept candidates that both lanes keep. KL divergence: how many bits \
                 would be wasted on average by using the other lane's probabilities in place of this lane's; infinite \
                 if this lane keeps a token that the other has cut; reverse is the same the other way round. ▸ and ◂ point \
                 at the tokens that the lanes took, ▹ at the one that the present settings would draw."
            }
        }
    }
}
