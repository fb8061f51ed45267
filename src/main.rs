//! temporary
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let mut job = logitscope::headless::Job { top: 3, json: args.len() > 2, ..Default::default() };
    job.settings.prompt.text = Some(args[1].clone());
    job.settings.stop.predict = 40;
    job.given.seed = Some(Some(1));
    logitscope::engine::llama::log::start(Some(std::path::Path::new("/tmp/ls.log"))).unwrap();
    if let Err(e) =
        logitscope::headless::run(&job, &mut std::io::stdout(), &mut std::io::stderr(), &Default::default())
    {
        eprintln!("{e}");
    }
}
