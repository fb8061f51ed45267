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
    /// Where the seeds part.
    Seeds,
    /// The beams of a search.
    Beam,
}

impl PanelId {
    /// The panels that can have the focus, in tab order.
    pub const FOCUSABLE: [Self; 3] = [Self::Text, Self::Candidates, Self::Sampling];

    /// The parts of the compare screen that can have the focus.
    pub const COMPARE: [Self; 3] = [Self::Lanes, Self::Beside, Self::Sampling];

    /// The panels that share a place on a small screen.
    pub const SMALL: [Self; 3] = [Self::Draw, Self::Cache, Self::Stop];

    /// The panel's title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Candidates => "Next token",
            Self::Sampling => "Sampling",
            Self::Draw => "Draw",
            Self::Cache => "KV cache",
            Self::Stop => "Why it stops",
            Self::Lanes => "Lanes",
            Self::Beside => "Side by side",
            Self::Tree => "Tree",
            Self::Seeds => "Seeds",
            Self::Beam => "Beams",
        }
    }

    /// What it shows, for somebody who sees it for the first time.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Text => {
                "Every token of the prompt and of the generated text, each in the colour of how likely the model found it. Move the cursor onto one to see again the choice it came from; Enter goes on from there, and the old path is kept. The line below is the chance of an end token, from one in a million up to one. ↻ marks what a loop says again."
            }
            Self::Candidates => {
                "The model gives every token of its vocabulary a number, its logit. Softmax (e to the logit, divided by the sum over all) turns logits into probabilities: the raw bar. The sampling settings then cut and reshape them: the final bar, from which the next token is drawn. Cut tokens say which setting cut them."
            }
            Self::Sampling => {
                "The settings between the model's probabilities and the draw. Move one and the bars change at once, with no new run of the model: only the choice changes, not what the model thinks. * marks what differs from the preset."
            }
            Self::Draw => {
                "The candidates that are left lie side by side, each as wide as its final probability. A random number u between 0 and 1 picks the one it lands on. The seed fixes the whole series of such numbers."
            }
            Self::Cache => {
                "For every token the model keeps a key and a value in each layer, so that a new token need not read the whole text again. The cache grows by one cell a token; when all are taken, the context is full."
            }
            Self::Stop => {
                "What can end generation, and how near each is: the model's own end token, the number of tokens, a stop text, the context, the time, and rules of your own: sentences, lines, an expression, a loop, a limit of entropy. The first that is met wins. Those that are off tell where they would have ended the text."
            }
            Self::Lanes => {
                "Each lane writes on from the same prompt under settings of its own. As long as lanes choose the same tokens they stand on the same logits, which are computed once. ◆ marks the token at which a lane leaves the first one. With the same u for all, nothing but the settings differs. ¶ marks a lane with a prompt of its own: it has nothing in common with the others to part from. distinct-1, -2 and -3 are the shares of single tokens, pairs and triples that are different; repeated is the share of groups of four that were there before. ↻ tells where a text goes round in circles: the token, how often, and how many tokens it says again."
            }
            Self::Tree => {
                "Every path walked from this prompt. What lies between two forks is one row: p is the probability of its first token after what comes before it, joint that of the whole text up to its end, both under the model itself. Enter goes on from the end of a row on the step screen."
            }
            Self::Seeds => {
                "Many seeds write on from the same prompt under the same settings. At each fork the exact probability of a token, after the settings, stands beside the share of the seeds that drew it: the more seeds, the closer they come."
            }
            Self::Beam => {
                "Beam search keeps the k texts of the highest joint probability. Each round every beam is continued by its likeliest tokens, and of all continuations the k best are kept. Finished beams stand apart. Sampling settings have no part in it."
            }
            Self::Beside => {
                "One choice, the same logits, two settings: what each lane's chain makes of the candidates. Kept by both: the part of all kept candidates that both keep. KL divergence: how many bits the other lane's probabilities would waste on average if they were taken for this lane's; infinite where one can say what the other has cut."
            }
        }
    }
}
