use std::time::{Duration, UNIX_EPOCH};

use proptest::prelude::*;

use super::*;

/// The template in the model that comes with the program.
const EMBEDDED: &str = "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' + \
                        '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

const LLAMA_3: &str = r#"{{- bos_token }}
{%- if not date_string is defined %}
    {%- set date_string = strftime_now("%d %b %Y") %}
{%- endif %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\n\n" }}
{{- "Today Date: " + date_string + "\n\n" + system_message + "<|eot_id|>" }}
{%- if tools is not none %}
    {{- raise_exception("no tools here") }}
{%- endif %}
{%- for message in messages %}
    {{- '<|start_header_id|>' + message.role + '<|end_header_id|>\n\n' + message['content'].strip() + '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}
{%- endif %}
"#;

const MISTRAL: &str = "{{ bos_token }}{% for message in messages %}
{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
{{ raise_exception('Roles must alternate: ' ~ message.role) }}
{% endif %}
{% if message.role == 'user' %}
[INST] {{ message.content }} [/INST]
{%- endif %}
{% endfor %}";

fn chat<'a>(template: &'a str, system: Option<&'a str>) -> Chat<'a> {
    Chat { template, bos: "<s>", eos: "</s>", system, user: " Hi! " }
}

fn refused(template: &str) -> ChatError {
    chat(template, None).render().expect_err("does not render")
}

#[test]
fn chatml() {
    assert_eq!(
        chat(EMBEDDED, Some("Be kind.")).render().expect("renders"),
        "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\n Hi! <|im_end|>\n<|im_start|>assistant\n"
    );
}

#[test]
fn llama_3_with_the_date_and_python_methods() {
    let now = UNIX_EPOCH + Duration::from_hours(478_320);
    assert_eq!(
        chat(LLAMA_3, Some(" Be kind. ")).render_at(now).expect("renders"),
        "<s><|start_header_id|>system<|end_header_id|>\n\nToday Date: 26 Jul 2024\n\nBe kind.<|eot_id|>\
         <|start_header_id|>user<|end_header_id|>\n\nHi!<|eot_id|>\
         <|start_header_id|>assistant<|end_header_id|>\n\n"
    );
}

#[test]
fn mistral_trims_blocks_and_refuses_a_system_message() {
    assert_eq!(chat(MISTRAL, None).render().expect("renders"), "<s>[INST]  Hi!  [/INST]");
    assert_eq!(
        chat(MISTRAL, Some("Be kind.")).render(),
        Err(ChatError::Refused("Roles must alternate: system".to_owned()))
    );
}

#[test]
fn what_hugging_face_templates_lean_on() {
    let renders = |template| chat(template, None).render().expect("renders");
    assert_eq!(renders("{{ messages[0] | tojson }}"), r#"{"role": "user", "content": " Hi! "}"#);
    assert_eq!(renders("{{ {'a': '<'} | tojson(indent=2) }}"), "{\n  \"a\": \"<\"\n}");
    assert_eq!(
        renders("{% for i in [1, 2, 3] %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}"),
        "1"
    );
    assert_eq!(
        renders(
            "{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}"
        ),
        "1"
    );
    assert_eq!(renders("{{ 'a-b'.split('-')[1] ~ messages[0].get('name', 'x') ~ eos_token }}"), "bx</s>");
    assert_eq!(renders("{{ documents is none }}{{ custom is defined }}"), "TrueFalse");
    assert_eq!(renders("  {% if true %}\nyes\n  {% endif %}\n"), "yes\n");
}

#[test]
fn broken_templates_name_the_line() {
    let error = refused("one\n{% if %}\n").to_string();
    assert!(error.starts_with("the model's chat template does not work in line 2: "), "{error}");
    let error = refused("one\ntwo\n{{ messages | nonsense }}").to_string();
    assert!(error.starts_with("the model's chat template does not work in line 3: "), "{error}");
    assert!(error.contains("nonsense"), "{error}");
}

#[test]
fn work_nesting_and_widths_are_bounded() {
    let forever = "{% for a in range(9999) %}{% for b in range(9999) %}{{ b }}{% endfor %}{% endfor %}";
    assert_eq!(refused(forever), ChatError::TooMuch(Line(Some(1))));
    assert!(matches!(refused("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"), ChatError::Broken { .. }));
    for wide in [
        "{{ 'a\nb' | indent(100000000000) }}",
        "{{ 'a\nb' | indent(width=100000000000) }}",
        "{{ '%99999999999d' | format(1) }}",
        "{{ '{:>99999999999}'.format(1) }}",
    ] {
        let error = refused(wide).to_string();
        assert!(error.contains("a width above 1000 characters"), "{wide}: {error}");
    }
}

#[test]
fn what_is_written_is_bounded() {
    // 2^40 items, built in forty steps.
    let bomb =
        "{% set ns = namespace(v=[1]) %}{% for i in range(40) %}{% set ns.v = [ns.v, ns.v] %}{% endfor %}";
    assert!(matches!(refused(&format!("{bomb}{{{{ ns.v }}}}")), ChatError::TooMuch(_)));
    let error = refused(&format!("{bomb}{{{{ ns.v | tojson }}}}")).to_string();
    assert!(error.contains("too large"), "{error}");
}

#[test]
fn bos_is_written_once() {
    assert_eq!(without_bos("<s>Hi", "<s>"), "Hi");
    assert_eq!(without_bos("Hi", "<s>"), "Hi");
    assert_eq!(without_bos("Hi", ""), "Hi");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_template_panics(template in r"(\{\{|\}\}|\{%|%\}|for|in|if|messages|endfor|endif| |\n|'|[a-z\[\]0-9.|()+*]){0,30}") {
        let _ = chat(&template, Some("s")).render();
    }

    #[test]
    fn messages_are_never_read_as_template(user in r"[\{\}%a-z ]{0,30}") {
        let rendered = Chat { user: &user, ..chat(EMBEDDED, None) }.render().expect("renders");
        prop_assert_eq!(rendered, format!("<|im_start|>user\n{user}<|im_end|>\n<|im_start|>assistant\n"));
    }
}
