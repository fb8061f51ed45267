//! Whether a position opens in a step, and why.

/// What a step does to a masked position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It opens: its score is among the best.
    Best,
    /// It opens: it was drawn by chance.
    Drawn,
    /// It opens: its token is likely enough.
    Likely,
    /// It opens: none was likely enough, and it is the best of them.
    OnlyOne,
    /// It opens: all that are left do.
    All,
    /// It waits: others have better scores.
    Outranked,
    /// It waits: others were drawn.
    NotDrawn,
    /// It waits: its token is not likely enough.
    Unlikely,
    /// It waits: its block comes later.
    LaterBlock,
}

impl Fate {
    /// Whether it opens.
    #[must_use]
    pub const fn opens(self) -> bool {
        matches!(self, Self::Best | Self::Drawn | Self::Likely | Self::OnlyOne | Self::All)
    }

    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Drawn => "drawn",
            Self::Likely => "likely",
            Self::OnlyOne => "only-one",
            Self::All => "all",
            Self::Outranked => "outranked",
            Self::NotDrawn => "not-drawn",
            Self::Unlikely => "unlikely",
            Self::LaterBlock => "later-block",
        }
    }

    /// Why, in a sentence: `rank` is the score's, 1 the best, and `open` how many open.
    #[must_use]
    pub fn sentence(self, rank: Option<usize>, open: usize) -> String {
        let rank = rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
        let places = if open == 1 { "1 place".to_owned() } else { format!("{open} places") };
        match self {
            Self::Best => format!("it opens: its score is number {rank} for {places}"),
            Self::Drawn => format!("it opens: chance picked it (its score is number {rank}) for {places}"),
            Self::Likely => "it opens: its token reaches the threshold".to_owned(),
            Self::OnlyOne => {
                "it opens: no token reaches the threshold, and this one has the best score".to_owned()
            }
            Self::All => "it opens: all that are left do".to_owned(),
            Self::Outranked => format!("it waits: its score is number {rank} for {places}"),
            Self::NotDrawn => {
                format!("it waits: chance picked others (its score is number {rank}) for {places}")
            }
            Self::Unlikely => "it waits: its token does not reach the threshold".to_owned(),
            Self::LaterBlock => "it waits: its block comes later".to_owned(),
        }
    }
}
