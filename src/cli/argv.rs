//! llama.cpp's spelling of flags, in clap's.

use std::ffi::{OsStr, OsString};

use clap::{ArgAction, Command};

/// llama.cpp's names of more than one letter after a single dash, with the long names they stand for. Clap reads `-ngl`
/// as `-n gl`.
const SINGLE_DASH: [(&str, &str); 25] = [
    ("-ngl", "--gpu-layers"),
    ("-tb", "--threads-batch"),
    ("-ub", "--ubatch-size"),
    ("-ctk", "--cache-type-k"),
    ("-ctv", "--cache-type-v"),
    ("-fa", "--flash-attn"),
    ("-lm", "--load-mode"),
    ("-sys", "--system"),
    ("-rea", "--reasoning"),
    ("-cnv", "--chat"),
    ("-no-cnv", "--no-chat"),
    ("-st", "--single-turn"),
    ("-sp", "--special"),
    ("-co", "--color"),
    ("-lv", "--log-verbosity"),
    ("-kvo", "--kv-offload"),
    ("-nkvo", "--no-kv-offload"),
    ("-fit", "--fit"),
    ("-jf", "--json-schema-file"),
    ("-bs", "--backend-sampling"),
    ("-md", "--model-draft"),
    ("-hf", "--hf-repo"),
    ("-hfr", "--hf-repo"),
    ("-hff", "--hf-file"),
    ("-hft", "--hf-token"),
];

/// `argv` with llama.cpp's spellings turned into clap's: the names of [`SINGLE_DASH`], alone or with `=value`, and
/// underscores in long names (`--top_k`).
///
/// Only what stands where a flag may stand is touched: never the value of the flag before it (`-p -ngl` is a prompt of
/// four characters), never what follows `--`. Which flags take a value is asked of `command`.
///
/// The error is a name of more than one letter after a single dash that is none of them, as llama.cpp has more: clap would
/// read `-hfd` as `-h`, and `-sm none` as a seed.
pub(super) fn rewrite(argv: Vec<OsString>, command: &Command) -> Result<Vec<OsString>, String> {
    let mut out = Vec::with_capacity(argv.len());
    let mut argv = argv.into_iter();
    out.extend(argv.next());
    let mut command = command;
    while let Some(word) = argv.next() {
        if word == "--" {
            out.push(word);
            break;
        }
        if let Some(subcommand) = word.to_str().and_then(|name| command.find_subcommand(name)) {
            command = subcommand;
        }
        let word = spelled(word);
        if let Some(unknown) = unknown(&word) {
            return Err(unknown);
        }
        let value_follows = takes_next(&word, command);
        out.push(word);
        if value_follows {
            out.extend(argv.next());
        }
    }
    out.extend(argv);
    Ok(out)
}

/// A name of letters after a single dash; the known ones have become long ones.
fn unknown(word: &OsStr) -> Option<String> {
    let name = word.to_str()?.split('=').next()?;
    let letters = name.strip_prefix('-')?.as_bytes();
    (letters.len() > 1 && letters[..2].iter().all(u8::is_ascii_alphabetic)).then(|| name.to_owned())
}

/// One flag in clap's spelling; anything else as it is.
fn spelled(word: OsString) -> OsString {
    let bytes = word.as_encoded_bytes();
    if !bytes.starts_with(b"-") {
        return word;
    }
    // The name is ASCII if it is one of ours; the value may be anything, even no UTF-8.
    let name_length = bytes.iter().position(|byte| *byte == b'=').unwrap_or(bytes.len());
    let Ok(name) = std::str::from_utf8(&bytes[..name_length]) else {
        return word;
    };
    let long = SINGLE_DASH.iter().find(|(short, _)| *short == name).map(|(_, long)| (*long).to_owned());
    let Some(long) = long.or_else(|| name.starts_with("--").then(|| name.replace('_', "-"))) else {
        return word;
    };
    let mut spelled = OsString::from(long);
    spelled.push(tail(&word, name));
    spelled
}

/// `word` after its beginning `name`.
#[cfg(unix)]
fn tail<'a>(word: &'a OsStr, name: &str) -> &'a OsStr {
    use std::os::unix::ffi::OsStrExt as _;
    OsStr::from_bytes(&word.as_bytes()[name.len()..])
}

/// `word` after its beginning `name`; empty if it is not text.
#[cfg(not(unix))]
fn tail<'a>(word: &'a OsStr, name: &str) -> &'a OsStr {
    OsStr::new(word.to_str().map_or("", |text| &text[name.len()..]))
}

/// Whether `word` is a flag whose value is the next word.
fn takes_next(word: &OsStr, command: &Command) -> bool {
    let Some(word) = word.to_str() else {
        return false;
    };
    let matching = command.get_arguments().find(|arg| {
        if let Some(long) = word.strip_prefix("--") {
            arg.get_long() == Some(long) || arg.get_all_aliases().is_some_and(|all| all.contains(&long))
        } else if let Some(short) = word.strip_prefix('-') {
            let mut letters = short.chars();
            letters.next().is_some_and(|letter| arg.get_short() == Some(letter)) && letters.next().is_none()
        } else {
            false
        }
    });
    // A value that may be left out is only given as such after "=".
    matching.is_some_and(|arg| {
        matches!(arg.get_action(), ArgAction::Set | ArgAction::Append)
            && arg.get_num_args().is_none_or(|count| count.min_values() > 0)
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn rewritten(line: &[&str]) -> Vec<String> {
        let argv = std::iter::once("logitscope").chain(line.iter().copied()).map(OsString::from);
        let mut command = super::super::Cli::command();
        command.build();
        let out = rewrite(argv.collect(), &command).expect("all of them are known");
        out.into_iter().skip(1).map(|word| word.into_string().expect("text")).collect()
    }

    #[test]
    fn llama_cpp_names_become_long_ones() {
        assert_eq!(rewritten(&["-ngl", "99", "-fa", "on"]), ["--gpu-layers", "99", "--flash-attn", "on"]);
        assert_eq!(rewritten(&["-ngl=99"]), ["--gpu-layers=99"]);
        assert_eq!(rewritten(&["run", "-no-cnv", "-ub", "64"]), ["run", "--no-chat", "--ubatch-size", "64"]);
        assert_eq!(rewritten(&["--top_k", "5", "--min_p=0_1"]), ["--top-k", "5", "--min-p=0_1"]);
    }

    #[test]
    fn values_and_what_follows_two_dashes_are_left_alone() {
        for line in [
            &["-p", "-ngl"][..],
            &["--prompt", "--top_k"],
            &["-r", "-fa", "-n", "5"],
            &["--reverse-prompt", "-tb"],
            &["run", "-p", "-sys"],
            &["--", "-ngl", "--top_k"],
            &["-p=-ngl=4"],
            &["-p-ngl"],
            &["-n48", "-c512"],
        ] {
            assert_eq!(rewritten(line), line, "{line:?}");
        }
        // A flag without a value does not shield the next word.
        assert_eq!(rewritten(&["--ignore-eos", "-ngl", "1"]), ["--ignore-eos", "--gpu-layers", "1"]);
    }

    #[test]
    fn names_of_llama_cpp_that_are_not_known_are_refused_whole() {
        let mut command = super::super::Cli::command();
        command.build();
        for flag in ["-hfd", "-sm", "-cmoe", "-mg", "-bf=x", "-ngl99"] {
            let argv = ["logitscope", "-n", "5", flag, "none"].map(OsString::from).to_vec();
            let name = flag.split('=').next().expect("a name");
            assert_eq!(rewrite(argv, &command), Err(name.to_owned()), "{flag}");
        }
        let error = super::super::parse(["logitscope", "-hfd", "org/repo"].map(OsString::from), |_| None);
        let error = error.expect_err("there is none");
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().starts_with("error: there is no flag -hfd"), "{error}");
    }

    #[test]
    fn every_long_name_exists() {
        let command = super::super::Cli::command();
        for (short, long) in SINGLE_DASH {
            let all = command.get_subcommands().chain([&command]).flat_map(clap::Command::get_arguments);
            let found = all.into_iter().any(|arg| arg.get_long() == Some(&long[2..]));
            assert!(found, "{short} stands for {long}, which is no flag");
        }
    }

    #[cfg(unix)]
    #[test]
    fn values_need_not_be_text() {
        use std::os::unix::ffi::OsStringExt as _;
        let word = OsString::from_vec(b"--mo_del=\xff".to_vec());
        assert_eq!(spelled(word), OsString::from_vec(b"--mo-del=\xff".to_vec()));
    }
}
