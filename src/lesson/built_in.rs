//! The lessons in the program.

/// Files of assets/lessons, with their texts.
macro_rules! files {
    ($($name:literal)*) => {
        &[$((concat!("assets/lessons/", $name, ".toml"), include_str!(concat!("../../assets/lessons/", $name, ".toml")))),*]
    };
}

/// The files of the lessons in the program, and their texts.
#[must_use]
pub const fn built_in() -> &'static [(&'static str, &'static str)] {
    files![
        "1-01-next-token"
        "1-02-pipeline"
        "1-03-loop"
        "1-04-tokens"
        "1-05-training"
        "2-01-softmax"
        "2-02-greedy"
        "2-03-temperature"
        "2-04-greedy-loops"
        "2-05-draw"
        "2-06-top-k-top-p"
        "2-07-min-p"
        "2-08-order"
        "3-01-seeds"
        "3-02-early-token"
        "3-03-beam"
        "3-04-open-and-closed"
        "3-05-when-which"
        "4-01-what-stops-it"
        "4-02-stop-text"
        "4-03-json-cut-off"
        "4-04-streaming"
        "5-01-cache"
        "5-02-prefill-decode"
        "5-03-projection"
        "5-04-speculative"
        "5-05-diffusion"
    ]
}
