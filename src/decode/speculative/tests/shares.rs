//! What many seeds write, against the exact distribution.

use super::*;

/// The share of many seeds' first tokens against exact probabilities, χ² and its degrees of freedom.
fn shares(mut pair: Pair, settings: SpeculativeSettings, tokens: usize) -> (Shares, Tree) {
    let walk = pair.begin("ab", sampling(1.0, 100), StopRules::default(), settings);
    let mut shares = Shares::new(walk, 4000, tokens);
    while let Some(ask) = shares.wanted(&mut pair.tree).expect("numbers") {
        let (rows, cost) = pair.rows(&ask);
        shares.absorb(&mut pair.tree, (ask.model, &ask.nodes), rows, &cost);
    }
    assert_eq!(shares.progress(), (4000, 4000));
    (shares, pair.tree)
}

/// Whether χ² is what it is for nine hundred and ninety-nine of a thousand samples of the distribution itself, by Wilson and
/// Hilferty's approximation.
fn fits(shares: &Shares) -> bool {
    let (chi_square, freedom) = shares.chi_square().expect("groups");
    let n = freedom as f64;
    let spread = (2.0 / (9.0 * n)).sqrt();
    chi_square < n * (1.0 - 2.0 / (9.0 * n) + 3.09 * spread).powi(3)
}

/// Tokens with their probabilities.
type Listed = &'static [(&'static str, f32)];

fn scripts(p: &[(&str, f32)], q: &[(&str, f32)]) -> Pair {
    fn all<'a>(list: &[(&'a str, f32)]) -> Vec<(&'a str, f32)> {
        let missing = WORDS.iter().filter(|word| !list.iter().any(|(other, _)| other == *word));
        let rest: Vec<_> = missing.map(|word| (*word, 0.0)).collect();
        [list, &rest].concat()
    }
    Pair {
        target: Scripted::new(&WORDS, &["."], 48).rule("", &all(p)),
        draft: Scripted::new(&WORDS, &["."], 48).rule("", &all(q)),
        tree: Tree::new(1 << 20),
    }
}

#[test]
fn shares_of_many_seeds_are_those_of_the_target() {
    let cases: [(Listed, Listed); 4] = [
        (&[("a", 0.5), ("b", 0.3), ("c", 0.2)], &[("a", 0.2), ("b", 0.3), ("c", 0.5)]),
        // q is 0 where p is not.
        (&[("a", 0.5), ("b", 0.3), ("c", 0.2)], &[("a", 1.0)]),
        // They share nothing.
        (&[("a", 0.6), ("b", 0.4)], &[("c", 0.7), ("d", 0.3)]),
        (&[("a", 0.6), ("b", 0.4)], &[("a", 0.6), ("b", 0.4)]),
    ];
    for (p, q) in cases {
        for settings in [
            probabilistic(),
            SpeculativeSettings { p_min: 0.4, ..probabilistic() },
            SpeculativeSettings { n_min: 2, p_min: 0.25, ..probabilistic() },
            SpeculativeSettings::default(),
        ] {
            for tokens in [1, 3] {
                let (shares, _) = self::shares(scripts(p, q), settings, tokens);
                assert!(fits(&shares), "{p:?} {q:?} {settings:?} {tokens}: {:?}", shares.chi_square());
                let listed = shares.shares();
                assert_eq!(listed.iter().map(|share| share.seeds).sum::<usize>(), 4000);
                if tokens == 1 {
                    let exact: f64 = listed.iter().map(|share| share.exact).sum();
                    assert!((exact - 1.0).abs() < 1e-6, "{exact}");
                }
            }
        }
    }
    let (shares, _) = self::shares(Pair::new(1 << 20), probabilistic(), 3);
    assert!(fits(&shares), "{:?}", shares.chi_square());
}

#[test]
fn a_wrong_distribution_does_not_fit() {
    // What a draft that is taken at its word would give.
    let (mut shares, _) =
        self::shares(scripts(&[("a", 0.5), ("b", 0.5)], &[("a", 0.5), ("b", 0.5)]), probabilistic(), 1);
    for (_, exact) in shares.found.values_mut() {
        *exact = if *exact > 0.0 { 0.45 } else { 0.0 };
    }
    assert!(!fits(&shares));
}

#[test]
fn equal_distributions_are_always_accepted_and_disjoint_ones_never() {
    let accepted = |p: &[(&str, f32)], q: &[(&str, f32)]| {
        let mut pair = scripts(p, q);
        let mut walk = pair.begin("ab", sampling(1.0, 7), limit(40), probabilistic());
        pair.play(&mut walk).expect("a text");
        let gains = Gains::of(walk.rounds());
        let last = walk.rounds()[0].drafted[0].clone();
        (gains.acceptance(), last)
    };
    let even: &[(&str, f32)] = &[("a", 0.6), ("b", 0.4)];
    assert_eq!(accepted(even, even).0, Some(1.0));
    let (share, refused) = accepted(even, &[("c", 1.0)]);
    assert_eq!((share, refused.p, refused.q), (Some(0.0), Some(0.0), Some(1.0)));
    // All of p is left to draw from.
    let (left, _) = refused.residual.expect("a residual");
    assert!((left[0].1 - 0.6).abs() < 1e-6 && left[0].0 == Token(0) && left.len() == 2);
}
