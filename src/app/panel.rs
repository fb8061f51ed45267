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
}

impl PanelId {
    /// Every panel.
    pub const ALL: [Self; 16] = [
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
            Self::Stop => "Why it stops",
            Self::Lanes => "Lanes",
            Self::Beside => "Side by side",
            Self::Tree => "Tree",
            Self::Seeds => "Seeds",
            Self::Forks => "Critical tokens",
            Self::Endings => "Endings",
            Self::Beam => "Beams",
            Self::Round => "Round",
            Self::Finished => "Finished",
            Self::Winner => "Best text beside others",
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
                "For every token the model keeps a key and a value in each layer, so that a new token need not read the whole text again. The cache grows by one cell a token; when all are taken, the context is full. Each path has a cache of its own, and so the tokens of a run by itself; where the memory does not suffice for that, all share one."
            }
            Self::Stop => {
                "What can end generation, and how near each is: the model's own end token, the number of tokens, a stop text, the context, the time, and rules of your own: sentences, lines, an expression, a loop, a limit of entropy or of the likeliest token. The first that is met wins. Those that are off tell where they would have ended the text. W lists all, and ↵ there changes them."
            }
            Self::Lanes => {
                "Each lane writes on under settings of its own, from the prompt of all lanes or, marked ¶, from one of its own. As long as lanes choose the same tokens they stand on the same logits, which are computed once. ◆ marks the token at which a lane leaves the first one on its prompt. With the same u for all, nothing but the settings differs. distinct-1, -2 and -3 are the shares of single tokens, pairs and triples that are different; repeated is the share of groups of four that were there before. ↻ tells where a text goes round in circles: the token, how often, and how many tokens it says again."
            }
            Self::Tree => {
                "Every path walked from this prompt. What lies between two forks is one row: p is the probability of its first token after what comes before it, joint that of the whole text up to its end, both under the model itself. Enter goes on from the end of a row on the step screen."
            }
            Self::Seeds => {
                "Many seeds write on from the same prompt under the same settings; what all of some seeds wrote is one row. p is the exact probability of its first token, after the settings; share is the part of the seeds that drew it, of those that came there. The more seeds, the closer they come: ± is the standard deviation of a share, √(p(1−p)/seeds). With XTC, mirostat or a grammar seeds draw from distributions of their own, and p is the mean over those that drew the token. raw is the probability under the model itself."
            }
            Self::Forks => {
                "The tokens at which seeds part, those that decide most first. Bits: how much of the question which text it is to be is answered here; all of them together are the entropy of the texts. Apart: how far the shares are from the probabilities, half the sum of all differences (total variation distance): 0 if they are alike, 1 if they have nothing in common."
            }
            Self::Endings => {
                "The different texts, those that have ended before those that can go on, and of each those of most seeds first: their share of the seeds, and ln P, the natural logarithm of the text's joint probability under the model itself. The part of the seeds that come to a text, and its probability under the model, are two things: the settings lie between them."
            }
            Self::Beam => {
                "Beam search keeps the k likeliest texts so far, its beams. p is the probability of a text's last token, ln P the logarithm of the joint probability of all its tokens, which falls with each. The score, ln P divided by a length penalty, makes up for that, so that long texts have a chance. Sampling settings have no part in it."
            }
            Self::Round => {
                "Every beam fans out into its likeliest continuations, and of all of them together the best are kept: an arrow leads to the number each has from then on. The rest is pruned. A beam can take several places or lose its own, and that is how the search sees further than one token. What comes to its end is finished."
            }
            Self::Finished => {
                "Texts that came to their end: by the model's end token, the token limit, a stop text. Each takes a place of the search's width. The best score is the best text. The search is over when no beam can overtake it any more, or as early stopping is set."
            }
            Self::Winner => {
                "The best text beside greedy decoding, which always takes the likeliest token, and a sample with the settings of the step screen. ◆ marks the token at which each leaves the best text. Greedy decoding cannot see that a less likely token leads to a likelier text; a sample is often less likely, and less bland."
            }
            Self::Beside => {
                "One choice, the same logits, two settings: what each lane's chain makes of the candidates. Kept by both: the part of all kept candidates that both keep. KL divergence: how many bits the other lane's probabilities would waste on average if they were taken for this lane's; infinite where one can say what the other has cut."
            }
        }
    }
}
