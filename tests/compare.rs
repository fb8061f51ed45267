//! `logitscope compare` and `logitscope beam` as programs, on the built-in model.
#![cfg(unix)]

mod support;

use serde_json::Value;
use support::{
    documented::documented,
    json_lines::{alone, ids, lines, of_type},
    program::Program,
};

/// A setting of every sampler, as flags without their dashes.
const SAMPLERS: [&str; 16] = [
    "temp=0",
    "temp=1.6",
    "top-k=3",
    "top-p=0.5",
    "min-p=0.2",
    "typical=0.4",
    "top-nsigma=1",
    "xtc-probability=0.5 xtc-threshold=0.05",
    "repeat-penalty=1.4 repeat-last-n=-1",
    "presence-penalty=0.8",
    "frequency-penalty=0.5",
    "dry-multiplier=0.8 dry-allowed-length=1",
    "dynatemp-range=0.7",
    "mirostat=1 mirostat-ent=3",
    "mirostat=2 mirostat-ent=4",
    "logit-bias=263-3 samplers=top_p;temperature seed=99",
];

const PROMPTS: [&str; 2] = ["Once upon a time", "Once upon a time there was a dog"];

#[test]
fn a_lane_says_what_a_run_says_alone_whatever_the_sampler() {
    let program = Program::new();
    program.write("prompts.txt", PROMPTS.join("\n"));
    for half in SAMPLERS.chunks(8) {
        let mut args = vec!["compare", "--json", "--prompts", "prompts.txt", "-n", "24", "--seed", "5"];
        for lane in half {
            args.extend(["--lane", lane]);
        }
        let found = lines(&program, &args);
        let lanes = of_type(&found, "lane");
        assert_eq!(lanes.len(), 2 * half.len());
        for (index, lane) in lanes.iter().enumerate() {
            let (prompt, flags) = (PROMPTS[index / half.len()], half[index % half.len()]);
            let flags: Vec<String> = flags.split(' ').map(|flag| format!("--{flag}")).collect();
            let mut run = vec!["-n", "24", "--seed", "5"];
            run.extend(flags.iter().map(String::as_str));
            assert_eq!(ids(&lane["tokens"]), alone(&program, prompt, &run), "{prompt}: {flags:?}");
        }
    }
}

#[test]
fn a_seed_of_a_forest_ends_where_its_run_alone_ends() {
    let program = Program::new();
    let args = ["-p", PROMPTS[0], "-n", "16", "--temp", "1.1", "--xtc-probability", "0.3"];
    let found =
        lines(&program, &[&["compare", "--json", "--seeds", "24", "--seed", "7"], &args[..]].concat());
    let forest = of_type(&found, "forest")[0];
    assert_eq!(forest["seeds"], 24);
    let endings = forest["endings"].as_array().expect("endings");
    let counted: u64 = endings.iter().map(|ending| ending["seeds"].as_u64().expect("a number")).sum();
    assert_eq!(counted, 24);
    for ending in endings {
        let seed = ending["seed"].to_string();
        let ran = program.run(&[&["run", "--seed", &seed], &args[..]].concat());
        assert_eq!(ending["text"], ran.text(), "seed {seed}");
    }
    let html = ["--seeds", "4", "--seed", "7", "--html", "seeds.html"];
    assert_eq!(program.run(&[&["compare"], &args[..], &html].concat()).status, Some(0));
    let page = std::fs::read_to_string(program.home().join("seeds.html")).expect("the page");
    assert!(
        page.contains("title=\"p ") && page.contains(" · seed 7<"),
        "its tokens have colours and numbers"
    );
    // The prompt went through the model once, and every prefix once.
    let spent = of_type(&found, "spent")[0];
    assert_eq!(spent["evaluations"], forest["evaluations"]);
    let steps =
        forest["evaluations"].as_u64().expect("a number") + forest["shared"].as_u64().expect("a number");
    assert!((24..=24 * 16).contains(&steps));
}

#[test]
fn lanes_that_agree_cost_one_and_tell_where_they_part() {
    let program = Program::new();
    let args = ["compare", "--json", "-p", PROMPTS[0], "-n", "12", "--seed", "1"];
    let same = ["--lane", "temp=0", "--lane", "temp=0 top-k=7", "--lane", "temp=0 min-p=0.3"];
    let found = lines(&program, &[&args[..], &same].concat());
    assert_eq!(of_type(&found, "spent")[0]["evaluations"], 12);
    let lanes = of_type(&found, "lane");
    assert_eq!((&lanes[0]["evaluations"], &lanes[1]["shared"]), (&12.into(), &12.into()));
    assert!(lanes.iter().all(|lane| lane["diverges"].is_null()));
    let differs = found[0]["differs"].as_array().expect("a list");
    let settings: Vec<&str> = differs.iter().filter_map(|differs| differs["setting"].as_str()).collect();
    assert_eq!(settings, ["top_k", "min_p"]);

    let found = lines(&program, &[&args[..], &["--lane", "temp=0", "--lane", "temp=2 min-p=0"]].concat());
    let lanes = of_type(&found, "lane");
    let at = &lanes[1]["diverges"];
    let index = usize::try_from(at["index"].as_u64().expect("they diverge")).expect("small");
    let [first, hot] = [0, 1].map(|lane: usize| ids(&lanes[lane]["tokens"]));
    assert_eq!(first[..index], hot[..index]);
    assert_eq!(
        (first[index], hot[index]),
        (at["reference"]["id"].as_u64().unwrap(), at["lane"]["id"].as_u64().unwrap())
    );
    assert_ne!(first[index], hot[index]);
}

#[test]
fn the_fast_mode_evaluates_the_same_prefixes_in_fewer_batches() {
    let program = Program::new();
    let args = ["compare", "--json", "-p", PROMPTS[0], "-n", "8", "--seed", "1", "--sweep", "temp=1:2:0.2"];
    let fast = lines(&program, &[&args[..], &["--batch-lanes"]].concat());
    let lanes = of_type(&fast, "lane");
    assert_eq!(lanes.len(), 6);
    let exact = lines(&program, &args);
    for (fast, exact) in lanes.iter().zip(of_type(&exact, "lane")) {
        let p = |lane: &Value| lane["tokens"][0]["p_raw"].as_f64().expect("a probability");
        // The first token comes from the prompt, which is evaluated in the same way.
        assert!((p(fast) - p(exact)).abs() < 1e-4);
        assert_eq!(ids(&fast["tokens"])[0], ids(&exact["tokens"])[0]);
    }
    // A forest of more seeds than there are sequences makes room for the next ones.
    let forest =
        ["compare", "--json", "-p", PROMPTS[0], "-n", "6", "--seed", "1", "--seeds", "80", "--batch-lanes"];
    let found = lines(&program, &forest);
    assert_eq!(of_type(&found, "forest")[0]["seeds"], 80);
}

#[test]
fn a_text_that_loops_tells_where_and_how_often() {
    let program = Program::new();
    let args =
        ["compare", "-p", "The capital of France is", "-n", "48", "--lane", "temp=0", "--lane", "temp=0 n=3"];
    let found = lines(&program, &[&args[..], &["--json"]].concat());
    let lanes = of_type(&found, "lane");
    let tokens = ids(&lanes[0]["tokens"]);
    let number = |name: &str| {
        let number =
            lanes[0]["loop"][name].as_u64().unwrap_or_else(|| panic!("{name} in {}", lanes[0]["loop"]));
        usize::try_from(number).expect("small")
    };
    let (start, end, period, times) = (number("start"), number("end"), number("period"), number("times"));
    assert!((start + period..end).all(|at| tokens[at] == tokens[at - period]), "{tokens:?}");
    assert_eq!((end <= tokens.len(), times), (true, (end - start) / period));
    assert!(times >= 3);
    assert!(lanes[1]["loop"].is_null(), "three tokens are no loop");
    let text = program.run(&args);
    let told = format!("loops from token {}: {period} tokens, {times} times\n", start + 1);
    assert!(text.text().contains(&told) && text.text().contains("no loop\n"), "{}", text.text());
    assert!(text.text().contains("distinct-1, -2, -3 1.00 1.00 1.00 · repetition 0.00"), "{}", text.text());
}

#[test]
fn lanes_come_from_files_presets_and_sweeps_with_prompts_of_their_own() {
    let program = Program::new();
    program.write(
        "lanes.toml",
        "prompt = \"Once upon a time\"\n[[lane]]\nname = \"cool\"\nsampling = { temperature = 0.0 }\n\
         [[lane]]\npreset = \"greedy\"\nprompt = \"The capital of France is\"\nstop = { predict = 3 }\n",
    );
    let args =
        ["compare", "lanes.toml", "--json", "-n", "5", "--sweep", "top-k=1:2:1", "--lane", "temp=0 n=4"];
    let found = lines(&program, &args);
    let lanes = of_type(&found, "lane");
    let names: Vec<&str> = lanes.iter().filter_map(|lane| lane["name"].as_str()).collect();
    assert_eq!(names, ["cool", "greedy", "temp=0 n=4", "top-k 1", "top-k 2"]);
    let lengths: Vec<usize> = lanes.iter().map(|lane| ids(&lane["tokens"]).len()).collect();
    assert_eq!(lengths, [5, 3, 4, 5, 5]);
    assert_eq!(ids(&lanes[0]["tokens"]), alone(&program, PROMPTS[0], &["-n", "5", "--temp", "0"]));
    let own = alone(&program, "The capital of France is", &["-n", "3", "--preset", "greedy"]);
    assert_eq!(ids(&lanes[1]["tokens"]), own);
    assert_eq!(of_type(&found, "row").len(), 5);
    assert_eq!(found[0]["lanes"][1]["prompt"], "The capital of France is");
    assert!(found[0]["lanes"][0]["prompt"].is_null());
    let text = program.run(&["compare", "lanes.toml", "-n", "2"]);
    assert!(text.text().contains("its own prompt: The capital of France is\n"), "{}", text.text());
    let pick = of_type(&found, "pick")[0];
    assert!(
        pick["command"].as_str().expect("a command").starts_with("llama-completion -m MODEL.gguf -no-cnv")
    );
}

#[test]
fn the_picked_row_is_a_command_that_draws_with_its_seed() {
    let program = Program::new();
    let args = ["compare", "-p", "One day", "-n", "8", "--seed", "5", "--own-seeds"];
    let args = [&args[..], &["--lane", "temp=1", "--lane", "temp=1 name=b"]].concat();
    let found = lines(&program, &[&args[..], &["--json"]].concat());
    let pick = of_type(&found, "pick")[0];
    let lane =
        of_type(&found, "lane")[usize::try_from(pick["lane"].as_u64().expect("a lane")).expect("small")];
    let command = pick["command"].as_str().expect("a command");
    assert!(command.ends_with(&format!("--seed {} --predict 8", lane["seed"])), "{command}");
    assert!(command.starts_with("llama-completion -m MODEL.gguf -no-cnv -p 'One day' "), "{command}");
    let seeds = serde_json::json!([{"setting": "seed", "values": ["5", "6"]}]);
    assert_eq!(found[0]["differs"], seeds);
    let text = program.run(&args);
    assert!(text.text().contains("differs  seed: 5 | 6\n"), "{}", text.text());

    // A seed that nobody chose is the same for all, and printed.
    let args = ["compare", "-p", "One day", "-n", "3", "--lane", "temp=1", "--lane", "temp=2"];
    let ran = program.run(&args);
    let seed = ran.text().lines().find_map(|line| line.strip_prefix("seed     ")).expect("its line");
    assert!(ran.text().contains(&format!(" --seed {seed} ")), "{}", ran.text());
    let again = program.run(&[&args[..], &["--seed", seed]].concat());
    let texts = |ran: &support::program::Ran| ran.text().rsplit_once(" · ").expect("the time").0.to_owned();
    assert_eq!(texts(&again), texts(&ran));
}

#[test]
fn what_the_command_cannot_express_is_named_and_no_empty_text_is_picked() {
    let program = Program::new();
    program.write(
        "lanes.toml",
        "[[lane]]\nname = \"own\"\nprompt = \"Tim's\\ncat\"\nsampling = { temperature = 0.0 }\n\
         stop = { sentences = 1, max_time = 60.0, strings = [\"The end\"] }\n\
         [[lane]]\nname = \"none\"\nstop = { entropy_above = 0.001 }\n",
    );
    let ran = program.run(&["compare", "lanes.toml", "-p", "One day", "--seed", "1"]);
    let text = ran.text();
    assert!(text.contains("\nleast perplexity: own\n    llama-completion "), "{text}");
    assert!(
        text.contains(
            r"-no-cnv -p 'Tim'\''s\ncat' --temp 0 --seed 1 --predict 128 --reverse-prompt 'The end'"
        ),
        "{text}"
    );
    assert!(
        text.contains("left out, since llama.cpp has no flag for it: --max-time 60, --stop-sentences 1\n"),
        "{text}"
    );
    assert!(text.contains("differs  stop.sentences: 1 | 0\n"), "{text}");
    assert!(text.contains("0 tokens · ln P 0.0 · entropy 0.00 bits") && !text.contains("-0.0"), "{text}");
    let ran =
        program.run(&["compare", "-p", "One day", "--seed", "1", "--lane", "n=0", "--lane", "n=0 name=b"]);
    assert!(ran.text().contains("\nno setting generated a token\n"), "{}", ran.text());
}

#[test]
fn a_table_has_a_row_for_each_prompt_and_a_lane_with_its_own_is_run_once() {
    let program = Program::new();
    program.write("prompts.txt", PROMPTS.join("\n"));
    program.write(
        "lanes.toml",
        "[[lane]]\nname = \"plain\"\n[[lane]]\nname = \"own\"\nprompt = \"The capital of France is\"\n",
    );
    let args = ["compare", "lanes.toml", "--prompts", "prompts.txt", "-n", "5", "--temp", "0"];
    let found = lines(&program, &[&args[..], &["--json", "--html", "page.html"]].concat());
    let lanes: Vec<_> = of_type(&found, "lane").iter().map(|lane| (&lane["name"], &lane["prompt"])).collect();
    assert_eq!(serde_json::json!(lanes), serde_json::json!([["plain", 0], ["plain", 1], ["own", null]]));
    let rows = of_type(&found, "row");
    assert_eq!((&rows[0]["texts"], &rows[1]["texts"]), (&2.into(), &1.into()));
    assert_eq!(rows[0]["prompts"][1]["prompt"], 1);
    assert_eq!(rows[0]["prompts"][1]["perplexity"], of_type(&found, "lane")[1]["statistics"]["perplexity"]);
    assert_eq!(rows[1]["prompts"], serde_json::json!([rows[1]["prompts"][0]]));
    let page = std::fs::read_to_string(program.home().join("page.html")).expect("the page");
    for part in ["<h2>Lanes with their own prompt</h2>", ">with their own prompt</th>", "of its own, "] {
        assert!(page.contains(part), "{part}");
    }
    let ran = program.run(&args);
    let (texts, table) = ran.text().split_once("\nsetting ").expect("a table");
    let heads = |text: &str, begins: fn(&str) -> bool| -> Vec<String> {
        let begun = text.lines().filter(|line| begins(line));
        begun
            .filter_map(|line| line.split_whitespace().find(|word| *word != "──"))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(heads(texts, |line| line.starts_with("── ")), ["plain", "plain", "own"]);
    let inner = heads(table, |line| line.starts_with("  ") && !line.starts_with("    "));
    assert_eq!(inner, ["plain", "plain", "own"], "the texts stand in the order of the table");
    let prompts = [format!("prompt 1: {}", PROMPTS[0]), format!("prompt 2: {}", PROMPTS[1])];
    for title in prompts.iter().map(String::as_str).chain(["with their own prompt"]) {
        assert_eq!(table.lines().filter(|line| *line == title).count(), 1, "{title}: {table}");
    }
}

#[test]
fn stop_conditions_and_long_values_stand_among_what_differs() {
    let program = Program::new();
    let args = ["compare", "-p", "One day", "-n", "4", "--temp", "0", "--lane", "stop=a", "--lane", "n=3"];
    let found = lines(&program, &[&args[..], &["--json"]].concat());
    assert_eq!(
        found[0]["differs"],
        serde_json::json!([
            {"setting": "stop.predict", "values": ["4", "3"]},
            {"setting": "stop.strings", "values": ["[\"a\"]", "none"]},
        ])
    );
    let text = program.run(&args);
    assert!(text.text().contains("differs  stop.predict: 4 | 3\n"), "{}", text.text());
    let schema = ["compare", "-p", "One day", "-n", "2", "--lane", "json-schema={}", "--lane", "temp=0"];
    let text = program.run(&schema);
    let grammar = text.text().lines().find(|line| line.starts_with("differs  grammar: ")).expect("its line");
    assert!(grammar.ends_with("… | none") && grammar.chars().count() < 80, "{grammar}");
}

#[test]
fn the_text_has_a_table_and_the_page_stands_alone() {
    let program = Program::new();
    program.write("prompts.txt", "Once upon a time\n\nThe capital of France is\n");
    let args = [
        "compare",
        "--prompts",
        "prompts.txt",
        "-n",
        "8",
        "--seed",
        "2",
        "--lane",
        "temp=0",
        "--lane",
        "temp=1.5",
        "--html",
        "page.html",
    ];
    let ran = program.run(&args);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    let text = ran.text();
    assert!(text.contains("differs  temperature: 0 | 1.5\n"), "{text}");
    assert!(text.contains("setting     texts  tokens  repetition"), "{text}");
    assert!(text.contains(": temp=0\n    llama-completion "), "{text}");
    assert_eq!(text.matches("── temp=").count(), 4);
    let page = std::fs::read_to_string(program.home().join("page.html")).expect("the page");
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    assert!(!page.contains("<script") && !page.contains("http"), "nothing is loaded from elsewhere");
    assert_eq!(page.matches("title=\"p ").count(), 4 * 8);
    // The table first, then the lanes of each prompt side by side.
    let (table, rest) = page.split_once("</table>").expect("a table");
    assert!(table.contains(">temp=0</td>") && !table.contains("<section>"), "{table}");
    let side_by_side: Vec<usize> =
        rest.split("<div class=\"cards\">").skip(1).map(|cards| cards.matches("<section>").count()).collect();
    assert_eq!(side_by_side, [2, 2]);

    // It is told before the work is done; nothing was written.
    for args in [["compare", "--seeds", "5"], ["beam", "--width", "2"]] {
        let html = ["-p", "Once", "-n", "4", "--html", "no/such/page.html"];
        let ran = program.run(&[&args[..], &html].concat());
        let told = ran.complaint(1);
        assert!(told.starts_with("the web page no/such/page.html cannot be written (--html)"), "{told}");
    }
    let ran = program.run(&["beam", "-p", "Once", "-n", "4", "-m", "none.gguf", "--html", "new.html"]);
    assert_eq!((ran.status, program.home().join("new.html").exists()), (Some(1), false));
}

#[test]
fn a_beam_of_one_is_greedy_and_more_find_likelier_texts() {
    let program = Program::new();
    let args = ["beam", "--json", "-p", PROMPTS[0], "-n", "12", "--seed", "3", "--length-penalty", "0"];
    let one = lines(&program, &[&args[..], &["--width", "1"]].concat());
    let greedy = of_type(&one, "baseline")[0];
    assert_eq!(ids(&of_type(&one, "beam")[0]["tokens"]), ids(&greedy["tokens"]));
    assert_eq!(ids(&greedy["tokens"]), alone(&program, PROMPTS[0], &["-n", "12", "--temp", "0"]));
    assert!(greedy["contrast"].is_null());

    let four = lines(&program, &[&args[..], &["--width", "4"]].concat());
    let beams = of_type(&four, "beam");
    let log_p = |beam: &Value| beam["log_probability"].as_f64().expect("a number");
    assert!(log_p(beams[0]) >= log_p(of_type(&one, "beam")[0]));
    assert!(beams.windows(2).all(|pair| log_p(pair[0]) >= log_p(pair[1])));
    assert_eq!(of_type(&four, "round").len(), 12);
    let sampled = of_type(&four, "baseline")[1];
    assert_eq!(ids(&sampled["tokens"]), alone(&program, PROMPTS[0], &["-n", "12", "--seed", "3"]));

    let ran = program.run(&["beam", "-p", PROMPTS[0], "-n", "12", "--width", "4", "--html", "beam.html"]);
    assert!(ran.text().contains("── beam 1 ──") && ran.text().contains("── greedy ──"), "{}", ran.text());
    let one = ["beam", "-p", PROMPTS[0], "-n", "12", "--width", "1", "--seed", "3", "--html", "beam.html"];
    let text = program.run(&one);
    assert_eq!(text.text().matches(" · seed 3\n").count(), 1, "{}", text.text());
    let page = std::fs::read_to_string(program.home().join("beam.html")).expect("the page");
    for part in
        ["the same text as the best beam, as far as both go", "12 tokens · ", " · seed 3", " evaluations, "]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn two_sweeps_make_a_grid_and_a_lane_without_a_word_has_its_number() {
    let program = Program::new();
    let args = ["compare", "--json", "-p", "Once", "-n", "2", "--seed", "1", "--lane", ""];
    let sweeps = ["--sweep", "temp=0:1:0.5", "--sweep", "top-k=2:4:2"];
    let found = lines(&program, &[&args[..], &sweeps].concat());
    let names: Vec<&str> = of_type(&found, "lane").iter().filter_map(|lane| lane["name"].as_str()).collect();
    let grid = ["temp 0 top-k 2", "temp 0 top-k 4", "temp 0.5 top-k 2", "temp 0.5 top-k 4", "temp 1 top-k 2"];
    assert_eq!((names[0], &names[1..6], names[6]), ("lane 1", &grid[..], "temp 1 top-k 4"));
    let last = &found[0]["lanes"][6]["sampling"];
    assert_eq!((&last["temperature"], &last["top_k"]), (&1.0.into(), &4.into()));
}

#[test]
fn flags_that_the_search_does_not_use_are_named() {
    let program = Program::new();
    let args = ["beam", "-p", PROMPTS[0], "-n", "4", "--width", "2", "--seed", "1"];
    let plain = program.run(&args);
    assert_eq!(plain.stderr, "");
    let ran = program.run(&[&args[..], &["--ignore-eos", "-l", "263-3", "--ban-string", "cat"]].concat());
    let told = "logitscope: --logit-bias, --ban-string, --ignore-eos: not used by the search, which uses only the \
                model's own probabilities; they apply to the sample alone\n";
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), told));
    let search = |ran: &support::program::Ran| ran.text().split("── a sample").next().map(str::to_owned);
    assert_eq!(search(&ran), search(&plain));
    let help = program.run(&["beam", "--help"]).text().replace('\n', " ");
    assert!(help.contains("use only the model's own probabilities"), "{help}");
}

#[test]
fn wrong_usage_is_a_sentence_and_status_2() {
    let program = Program::new();
    let complaint = |args: &[&str]| program.run(args).complaint(2).to_owned();
    assert!(complaint(&["compare", "-p", "a"]).starts_with("nothing to compare: give lanes"));
    assert_eq!(complaint(&["compare", "--lane", "temp=0"]), "no prompt: give one with -p TEXT or -f FILE");
    assert!(
        complaint(&["compare", "-p", "a", "--lane", "temp=x"])
            .starts_with("lane \"temp=x\": invalid value 'x'")
    );
    assert!(
        complaint(&["compare", "-p", "a", "--lane", "top-p=2"]).starts_with("lane \"top-p=2\": --top-p 2:")
    );
    assert!(complaint(&["compare", "-p", "a", "--lane", "preset=none"]).contains("there is no such preset"));
    assert!(
        complaint(&["compare", "-p", "a", "no.toml"]).starts_with("the file of lanes no.toml cannot be read")
    );
    assert!(complaint(&["beam", "-p", "a", "--width", "17"]).starts_with("--width 17: expected"));
    assert!(complaint(&["beam", "--width", "2"]).starts_with("no prompt:"));

    let failed = |args: &[&str]| program.run(args).complaint(1).to_owned();
    let nine: Vec<&str> = ["compare", "-p", "a"].into_iter().chain(["--lane", "temp=0"].repeat(9)).collect();
    assert_eq!(complaint(&nine), "9 lanes were given; at most 8 are allowed");
    let own = complaint(&["compare", "-p", "a", "--lane", "temp=0,prompt=Hi"]);
    assert!(own.contains("a lane's own prompt goes into a file of lanes"), "{own}");
    let sweeps = |second| complaint(&["compare", "-p", "a", "--sweep", "temp=0:1:0.5", "--sweep", second]);
    assert_eq!(sweeps("top-p=0.4:1:0.3"), "the sweeps make 9 lanes; at most 8 are allowed: use larger steps");
    assert_eq!(sweeps("temp=1:2:1"), "--sweep is given twice for temp; each setting can be swept once");
    program.write("empty.txt", "\n \n");
    let empty = failed(&["compare", "--lane", "temp=0", "--prompts", "empty.txt"]);
    assert!(empty.starts_with("the file of prompts empty.txt has no prompts"), "{empty}");
}

#[test]
fn json_lines_have_the_documented_names() {
    let program = Program::new();
    let lanes = ["compare", "--json", "-p", "Once", "-n", "3", "--lane", "temp=0", "--lane", "temp=1"];
    let seeds = ["compare", "--json", "-p", "Once", "-n", "3", "--seeds", "3"];
    let beam = ["beam", "--json", "-p", "Once", "-n", "3", "--width", "2"];
    let mut checked = std::collections::BTreeSet::new();
    for args in [&lanes[..], &seeds, &beam] {
        for line in lines(&program, args) {
            let kind = line["type"].as_str().expect("a type").to_owned();
            let expected = documented("## compare and beam", &kind);
            let names: Vec<&String> = line.as_object().expect("an object").keys().collect();
            for name in names.iter().filter(|name| **name != "type") {
                assert!(expected.contains(name), "{kind}: {name} is not in docs/json.md");
            }
            // The first line is not the same for both commands.
            if kind != "start" {
                assert_eq!(names.len(), expected.len() + 1, "{kind}");
            }
            checked.insert(kind);
        }
    }
    let all = ["baseline", "beam", "forest", "lane", "pick", "round", "row", "spent", "start"];
    assert_eq!(checked.iter().map(String::as_str).collect::<Vec<_>>(), all);
}
