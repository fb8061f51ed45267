//! What a person can set about diffusion.

use serde::Serialize;

use crate::settings::Invalid;

/// What decides which masked positions open first: llama.cpp's `--diffusion-algorithm`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Score {
    /// None: each masked position opens with the same chance.
    Origin,
    /// The least entropy first; the score is −H in nats.
    Entropy,
    /// The largest distance between the two likeliest tokens first; the score is p₁ − p₂.
    Margin,
    /// Random numbers.
    Random,
    /// The drawn token's probability.
    #[default]
    Confidence,
    /// From left to right; the score is minus the position. Not an algorithm of llama.cpp's.
    LeftToRight,
}

impl Score {
    /// Every score, in the order of llama.cpp's numbers.
    pub const ALL: [Self; 6] =
        [Self::Origin, Self::Entropy, Self::Margin, Self::Random, Self::Confidence, Self::LeftToRight];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Origin => "origin",
            Self::Entropy => "entropy",
            Self::Margin => "margin",
            Self::Random => "random",
            Self::Confidence => "confidence",
            Self::LeftToRight => "left-to-right",
        }
    }

    /// From a name, or llama.cpp's number, 0 to 4.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.parse::<usize>().ok().filter(|&number| number < 5).map(|number| Self::ALL[number]);
        number.or_else(|| Self::ALL.into_iter().find(|score| score.name() == text))
    }
}

/// How many positions open in a step; at least one always does.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// So many steps in all. Without blocks, masks · (1 − t′ / t) positions open in step i of n, where t = 1 − i/n · (1 − ε),
    /// t′ is that of the next step, and the last step opens what is left; in a block, equally many in each step.
    Steps {
        /// Steps, 1 and above. Fewer are taken where there are fewer masks.
        steps: usize,
        /// ε, 0 and above and below 1.
        eps: f32,
    },
    /// So many positions in each step, 1 and above.
    Tokens(usize),
    /// Every position whose drawn token has at least this probability, 0 to 1.
    Threshold(f64),
}

/// What a person can set about diffusion. Sampling settings decide which token a position draws.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DiffusionSettings {
    /// What decides which positions open first.
    pub score: Score,
    /// How many open.
    pub pace: Pace,
    /// Masked positions of a block; the next block begins when one is written. 0 takes all together.
    pub block_length: usize,
    /// 0 opens the best scores; above, positions are drawn without replacement with weights e^(score / temperature).
    pub alg_temperature: f64,
    /// Classifier-free guidance: 0 is off; each step takes a second pass without what is given.
    pub guidance: f32,
    /// Score what the sampler chain has left of a distribution, as llama.cpp and Dream do, in place of the model's own
    /// distribution, as `LLaDA` does. After top-k 1, or where top-p leaves one token, all scores are equal.
    pub score_after_chain: bool,
    /// When all is written, tokens that had less than this probability when they opened are masked once more and written anew
    /// in view of the rest; 0 is off.
    pub remask_below: f64,
    /// Go on after an end token, as llama.cpp does, in place of leaving what comes after it.
    pub fill_after_end: bool,
}

impl Default for DiffusionSettings {
    /// llama.cpp's steps and algorithm, Dream's ε.
    fn default() -> Self {
        Self {
            score: Score::Confidence,
            pace: Pace::Steps { steps: 128, eps: 1e-3 },
            block_length: 0,
            alg_temperature: 0.0,
            guidance: 0.0,
            score_after_chain: false,
            remask_below: 0.0,
            fill_after_end: false,
        }
    }
}

impl DiffusionSettings {
    /// Most steps and positions that can be asked for.
    pub const MOST: usize = 1 << 16;

    /// Whether every value is allowed; the first that is not.
    pub fn validate(&self) -> Result<(), Invalid> {
        const COUNT: &str = "a whole number from 1 to 65536";
        let require = |ok, field, flag, value: String, allowed| {
            let invalid = Invalid { section: "diffusion", field, flag, value, allowed };
            if ok { Ok(()) } else { Err(invalid) }
        };
        let count = |number: usize| (1..=Self::MOST).contains(&number);
        match self.pace {
            Pace::Steps { steps, eps } => {
                require(count(steps), "steps", "--diffusion-steps", steps.to_string(), COUNT)?;
                let eps_ok = (0.0..1.0).contains(&eps);
                require(eps_ok, "eps", "--diffusion-eps", eps.to_string(), "a number from 0 to below 1")?;
            }
            Pace::Tokens(tokens) => {
                require(count(tokens), "tokens", "--diffusion-tokens", tokens.to_string(), COUNT)?;
            }
            Pace::Threshold(p) => {
                let ok = (0.0..=1.0).contains(&p);
                require(ok, "threshold", "--diffusion-threshold", p.to_string(), "a number from 0 to 1")?;
            }
        }
        let block = self.block_length <= Self::MOST;
        let allowed = "a whole number from 0 (no blocks) to 65536";
        require(block, "block_length", "--diffusion-block-length", self.block_length.to_string(), allowed)?;
        let temperature = (0.0..=1000.0).contains(&self.alg_temperature);
        let shown = self.alg_temperature.to_string();
        require(temperature, "alg_temp", "--diffusion-alg-temp", shown, "a number from 0 to 1000")?;
        let guidance = (0.0..=100.0).contains(&self.guidance);
        let shown = self.guidance.to_string();
        require(guidance, "cfg_scale", "--diffusion-cfg-scale", shown, "a number from 0 to 100")?;
        let remask = (0.0..=1.0).contains(&self.remask_below);
        require(remask, "remask", "--diffusion-remask", self.remask_below.to_string(), "a number from 0 to 1")
    }
}
