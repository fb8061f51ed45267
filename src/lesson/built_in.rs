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
        "1-03-loop"
        "2-03-temperature"
        "2-05-draw"
    ]
}
