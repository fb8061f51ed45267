"""Word lists and little worlds of things that go together.

In every list the commoner words come first: choices are Zipf-weighted by position.
"""

from dataclasses import dataclass

# -- people and animals -----------------------------------------------------------
GIRL_NAMES = """
Lily Mia Anna Emma Lucy Sara Ella Rose Zoe Nora Ruby Clara Maya Ivy Molly Alice Daisy Grace Hannah Leah Tara
Nina Julia Eva Amy Kate Holly Poppy Elsa Luna Sophie Chloe Hazel Freya Ada Mina Aisha Yuki Zara Carmen Zoé
Léa Ines Olga Priya Wren Tilly Stella Violet Marie Bella Fatima Willow Jade
""".split()
BOY_NAMES = """
Tom Max Ben Leo Sam Jack Tim Finn Noah Theo Oliver Peter Hugo Adam Henry Daniel Oscar Luke Jacob Eli Anton
Milo Paul Felix Ryan David Omar Ali Kenji Mateo Ravi Ivan Toby George Arthur Simon Owen Martin Emil Nico
René Rafael Diego Karl Otto Billy Joey Hassan Kofi Robin Jonah Edgar Victor
""".split()
SHE_PET_NAMES = """
Bella Daisy Luna Honey Coco Misty Penny Pearl Willow Ginger Tilly Snowy Rosie Hazel Cinnamon Dotty Poppy
Lulu Clover Minnie Fern Mabel Velvet Cherry Biscuit Sunny
""".split()
HE_PET_NAMES = """
Max Buddy Bruno Rusty Oscar Teddy Charlie Pip Toby Rocky Ziggy Barney Benny Dusty Bobo Archie Jasper Nibbles
Pepper Pickle Ollie Sparky Bramble Tiny Scout Chester Fuzzy Hopper Acorn
""".split()
ROBOT_NAMES = "Beep Robo Bolt Zip Chip Pixel Gizmo Sprocket Rusty Bleep Dot Nano Cog".split()


@dataclass(frozen=True)
class Kind:
    """What sort of character someone is; `tags` decide what they can do."""

    noun: str
    group: str  # child, animal, adult, robot
    tags: frozenset
    home: str = "in a small house"
    adjectives: tuple = ("little", "young", "small", "kind", "brave", "clever", "happy")
    food: str = "bread"
    he: str = ""  # fixed pronoun, or "" for either


def _kind(noun, group, tags, home, food, he="", adjectives=None):
    extra = {} if adjectives is None else {"adjectives": tuple(adjectives.split())}
    return Kind(noun, group, frozenset(tags.split()), home, food=food, he=he, **extra)


CHILD_HOME = (
    "{in a small house|in a little cottage|in a cozy house|in a tall house|in a blue house|in a small village"
    "|in a big city|near the sea|on a farm|at the edge of a forest|at the top of a hill|by the river}"
)
GIRL = _kind(
    "girl",
    "child",
    "hands walks swims",
    CHILD_HOME,
    "an apple",
    "she",
    "little young small kind brave curious shy cheerful clever",
)
BOY = _kind(
    "boy",
    "child",
    "hands walks swims",
    CHILD_HOME,
    "an apple",
    "he",
    "little young small kind brave curious shy cheerful clever",
)
ANIMAL_KINDS = [
    _kind(
        "cat",
        "animal",
        "clever walks climbs pet",
        "{in a cozy house|in a small house|in an old barn|in a tall house by the sea}",
        "a fish",
        adjectives="little black white gray small fluffy orange curious lazy clever",
    ),
    _kind(
        "dog",
        "animal",
        "walks swims pet",
        "{in a small house|on a farm|in a wooden kennel|in a house with a garden}",
        "a bone",
        adjectives="little brown big small happy white friendly playful brave",
    ),
    _kind(
        "rabbit",
        "animal",
        "clever walks hops",
        "{in a burrow under a hill|in a warm burrow|at the edge of a meadow|under an old oak tree}",
        "a carrot",
        adjectives="little white small brown shy gray quick gentle",
    ),
    _kind(
        "fox",
        "animal",
        "clever walks wild",
        "{in a den in the forest|in a cozy den|at the edge of the forest|under a big rock}",
        "a pie",
        adjectives="little clever young red sly small curious",
    ),
    _kind(
        "bear",
        "animal",
        "walks swims climbs wild",
        "{in a cave in the forest|in a warm cave|at the foot of a mountain|deep in the forest}",
        "honey",
        adjectives="little big brown friendly young gentle hungry strong",
    ),
    _kind(
        "mouse",
        "animal",
        "clever walks small",
        "{in a tiny hole in the wall|in a hole under the kitchen floor|in an old barn|in a quiet library}",
        "cheese",
        adjectives="little tiny small gray brave shy clever",
    ),
    _kind(
        "owl",
        "animal",
        "flies bird wild",
        "{in a hollow tree|at the top of a tall tree|in an old tower|in an old oak tree}",
        "a berry cake",
        adjectives="little old wise young brown small gentle",
    ),
    _kind(
        "frog",
        "animal",
        "clever hops swims",
        "{by a pond|near a quiet pond|by a small stream|under a lily pad}",
        "a berry",
        adjectives="little green small cheerful noisy young",
    ),
    _kind(
        "duck",
        "animal",
        "clever swims bird walks",
        "{by a pond|near the river|on a quiet lake|on a farm}",
        "some bread",
        adjectives="little yellow small white friendly young noisy",
    ),
    _kind(
        "squirrel",
        "animal",
        "clever walks climbs small",
        "{in a tall oak tree|in a hollow tree|high up in a pine tree|in the park}",
        "a nut",
        adjectives="little red small quick busy gray",
    ),
    _kind(
        "bird",
        "animal",
        "clever flies bird small",
        "{in a nest in a tall tree|in a warm nest|in an apple tree|in a nest on the roof}",
        "a seed",
        adjectives="little blue small yellow young red cheerful",
    ),
    _kind(
        "turtle",
        "animal",
        "clever walks swims",
        "{by a pond|near the river|by the sea|on a sandy beach}",
        "a leaf",
        adjectives="little slow old green small patient wise",
    ),
    _kind(
        "hedgehog",
        "animal",
        "clever walks small",
        "{under a bush|in a garden|under a pile of leaves|at the edge of the forest}",
        "an apple",
        adjectives="little shy small brown round sleepy",
    ),
    _kind(
        "pig",
        "animal",
        "clever walks",
        "{on a farm|in a little barn|in a muddy field|behind a red barn}",
        "a turnip",
        adjectives="little pink small round happy muddy",
    ),
    _kind(
        "monkey",
        "animal",
        "clever climbs walks hands",
        "{in the jungle|in a tall palm tree|in a green jungle|near a wide river}",
        "a banana",
        adjectives="little funny small playful cheeky clever",
    ),
    _kind(
        "elephant",
        "animal",
        "walks swims",
        "{near a wide river|on the grassy plain|at the edge of the jungle|near a big lake}",
        "a melon",
        adjectives="little young big gray gentle kind",
    ),
    _kind(
        "penguin",
        "animal",
        "walks swims bird",
        "{on an icy shore|in a land of snow|on a white island|near the cold sea}",
        "a fish",
        adjectives="little small young brave cheerful clumsy",
    ),
    _kind(
        "lion",
        "animal",
        "walks wild",
        "{on the grassy plain|in a rocky cave|near a tall rock|under a shady tree}",
        "a big lunch",
        adjectives="little young proud brave strong big",
    ),
    _kind(
        "hen",
        "animal",
        "clever walks bird",
        "{on a farm|in a little barn|in a henhouse|behind a red barn}",
        "some corn",
        "she",
        adjectives="little red brown busy plump",
    ),
    _kind(
        "pony",
        "animal",
        "walks",
        "{on a farm|in a green field|in a small stable|near a meadow}",
        "an apple",
        adjectives="little brown white gray gentle young",
    ),
    _kind(
        "goat",
        "animal",
        "clever walks climbs",
        "{on a farm|on a green hill|on a mountain|in a stony field}",
        "some grass",
        adjectives="little white gray stubborn young",
    ),
    _kind(
        "otter",
        "animal",
        "clever swims walks",
        "{by the river|near a quiet lake|by a small stream|by the sea}",
        "a fish",
        adjectives="little playful young brown sleek",
    ),
    _kind(
        "badger",
        "animal",
        "clever walks wild",
        "{under a hill|in a deep burrow|in the forest|under an old tree}",
        "a mushroom",
        adjectives="little old grumpy quiet gray",
    ),
    _kind(
        "dragon",
        "animal",
        "flies wild walks",
        "{in a cave on a mountain|on top of a high mountain|in a dark cave|behind a waterfall}",
        "a hot pie",
        adjectives="little green young friendly small red lonely",
    ),
]
ADULT_KINDS = [
    _kind(
        "king",
        "adult",
        "hands walks",
        "{in a tall castle|in a golden palace|in a great stone castle}",
        "a roast",
        "he",
        "young old kind proud wise lonely",
    ),
    _kind(
        "queen",
        "adult",
        "hands walks",
        "{in a tall castle|in a white palace|in a great stone castle}",
        "a pear",
        "she",
        "young old kind proud wise gentle",
    ),
    _kind(
        "farmer",
        "adult",
        "hands walks",
        "{on a small farm|on a farm by the river|in a house in the hills}",
        "bread",
        "",
        "old kind poor young hard-working",
    ),
    _kind(
        "fisherman",
        "adult",
        "hands walks swims",
        "{in a hut by the sea|in a small house near the harbor|on a little island}",
        "fish",
        "he",
        "old poor young kind patient",
    ),
    _kind(
        "woman",
        "adult",
        "hands walks",
        "{in a little cottage|at the edge of a village|in a small house by the river}",
        "soup",
        "she",
        "old kind wise poor clever",
    ),
    _kind(
        "baker",
        "adult",
        "hands walks",
        "{above a bakery|in a small town|in a village in the hills}",
        "bread",
        "",
        "kind jolly young old busy",
    ),
    _kind(
        "princess",
        "adult",
        "hands walks",
        "{in a tall castle|in a white palace|in a castle on a hill}",
        "a pear",
        "she",
        "young kind brave clever little curious",
    ),
    _kind(
        "prince",
        "adult",
        "hands walks",
        "{in a tall castle|in a white palace|in a castle on a hill}",
        "a pear",
        "he",
        "young kind brave clever little curious",
    ),
    _kind(
        "wizard",
        "adult",
        "hands walks",
        "{in a crooked tower|in a tower on a hill|deep in the forest}",
        "soup",
        "he",
        "old young clever forgetful kind",
    ),
    _kind(
        "sailor",
        "adult",
        "hands walks swims",
        "{on an old ship|in a small house near the harbor|by the sea}",
        "biscuits",
        "",
        "brave young old cheerful",
    ),
    _kind(
        "painter",
        "adult",
        "hands walks",
        "{in a small room above a café|in an old house|near the market}",
        "bread",
        "",
        "young poor quiet famous old",
    ),
    _kind(
        "shepherd",
        "adult",
        "hands walks",
        "{on a green hill|in a hut in the mountains|near a quiet valley}",
        "cheese",
        "",
        "young old quiet kind",
    ),
]
ROBOT = _kind(
    "robot",
    "robot",
    "hands walks",
    "{in a workshop|in a small house|in a big city|in a room full of tools}",
    "oil",
    "",
    "little small shiny silver old clever friendly blue kind",
)
KIND_BY_NOUN = {kind.noun: kind for kind in [GIRL, BOY, ROBOT, *ANIMAL_KINDS, *ADULT_KINDS]}

# -- places ------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Somewhere a story can happen, with its hiding spots and sights."""

    noun: str
    at: str  # "in the park"
    to: str  # "to the park"
    spots: tuple  # where a thing may hide
    sights: tuple  # what one sees there
    tags: frozenset = frozenset()


def _place(noun, at, to, spots, sights, tags=""):
    return Place(noun, at, to, tuple(spots.split("|")), tuple(sights.split("|")), frozenset(tags.split()))


PLACES = [
    _place(
        "park",
        "in the park",
        "to the park",
        "under a bench|behind a bush|under the slide|next to the pond|in the tall grass|behind a big"
        " tree|near the swings",
        "ducks on the pond|children on the swings|tall green trees|a man with a balloon|dogs running on the"
        " grass",
        "town",
    ),
    _place(
        "garden",
        "in the garden",
        "into the garden",
        "under a rose bush|behind the shed|in a flower pot|under a pile of leaves|next to the gate|between"
        " the carrots|behind the apple tree",
        "red roses|bees on the flowers|a butterfly on a leaf|ripe tomatoes|yellow sunflowers",
        "town",
    ),
    _place(
        "forest",
        "in the forest",
        "into the forest",
        "under a bush|behind a big tree|in a pile of leaves|under a mossy rock|in a hollow log|between the"
        " roots of an old oak|next to a stream",
        "tall pine trees|red mushrooms|a deer between the trees|ferns and moss|sunlight on the leaves",
        "wild",
    ),
    _place(
        "beach",
        "on the beach",
        "to the beach",
        "under a shell|behind a rock|in the soft sand|under an old boat|next to a tide pool|in the seaweed",
        "blue waves|white gulls|a crab on a rock|a sailing boat|children building castles",
        "wild",
    ),
    _place(
        "meadow",
        "in the meadow",
        "to the meadow",
        "in the tall grass|under a daisy|behind a stone wall|next to a molehill|under a bush|by the stream",
        "yellow flowers|butterflies|sheep on the hill|a rainbow|clouds like cotton",
        "wild",
    ),
    _place(
        "farm",
        "on the farm",
        "to the farm",
        "behind the barn|under a hay bale|in the chicken coop|next to the well|under the tractor|in a bucket",
        "cows in the field|a red tractor|hens and ducks|a field of corn|a muddy pig",
        "wild",
    ),
    _place(
        "market",
        "at the market",
        "to the market",
        "under a table|behind a cart|next to a basket of apples|under a pile of cabbages|behind a barrel|near"
        " the fountain",
        "baskets of apples|a woman selling flowers|bright cloth|fresh bread|cheese as big as a wheel",
        "town",
    ),
    _place(
        "river",
        "by the river",
        "to the river",
        "under a flat stone|in the reeds|behind a willow tree|under the bridge|in the mud|next to a boat",
        "silver fish|dragonflies|a wooden bridge|smooth stones|a family of ducks",
        "wild",
    ),
    _place(
        "playground",
        "at the playground",
        "to the playground",
        "under the slide|in the sandbox|behind the swings|under a bench|next to the fence",
        "a tall slide|children on the swings|a red seesaw|a big sandbox",
        "town",
    ),
    _place(
        "hill",
        "on the hill",
        "up the hill",
        "behind a rock|in the tall grass|under a thorn bush|next to a crooked tree|in a rabbit hole",
        "the whole village|the river far below|sheep|a kite in the sky",
        "wild",
    ),
]
PLACE_BY_NOUN = {place.noun: place for place in PLACES}

# -- things ------------------------------------------------------------------------


@dataclass(frozen=True)
class Toy:
    """Something to play with."""

    noun: str
    adjectives: tuple
    play: str  # past: "threw it high into the air"
    broken: str  # "one wheel came off"
    cause: str  # how it broke: "rolled down the stairs"
    fix: str  # past: "glued the wheel back on"
    tools: str
    soft: bool = False


def _toy(noun, adjectives, play, broken, cause, fix, tools):
    return Toy(noun, tuple(adjectives.split("|")), play, broken, cause, fix, tools)


TOYS = [
    _toy(
        "ball",
        "red|blue|green|big red|striped|yellow|small blue|round yellow|shiny",
        "{rolled|bounced|kicked} it across the {grass|floor|yard}",
        "it had a hole in it",
        "rolled onto a sharp nail",
        "closed the hole and pumped it full of air",
        "a patch and a pump",
    ),
    _toy(
        "kite",
        "red|blue|yellow|big red|green|paper|purple",
        "flew it high in the {sky|wind|air}",
        "its tail was torn",
        "crashed into a tree",
        "sewed on a new tail",
        "a needle and a ribbon",
    ),
    _toy(
        "doll",
        "little|rag|pretty|old|small wooden|blue-eyed",
        "{dressed it in a tiny coat|gave it a cup of tea|sang it a song}",
        "one arm had come off",
        "fell down the stairs",
        "sewed the arm back on",
        "a needle and some thread",
    ),
    _toy(
        "teddy bear",
        "brown|old|soft|small brown|fluffy|white",
        "{hugged it|told it stories|took it to a tea party}",
        "one ear was torn",
        "got caught on the fence",
        "sewed the ear back on",
        "a needle and some thread",
    ),
    _toy(
        "toy boat",
        "wooden|little red|blue|white|small wooden",
        "sailed it {on the pond|in the bath|in a puddle}",
        "its mast was snapped in two",
        "hit a stone",
        "made a new mast",
        "a knife and a straight stick",
    ),
    _toy(
        "toy car",
        "red|blue|shiny|yellow|small green",
        "{raced it across the floor|drove it over the pillows|pushed it up and down the path}",
        "one wheel had come off",
        "rolled down the stairs",
        "fixed the wheel",
        "a screwdriver and a little screw",
    ),
    _toy(
        "toy train",
        "wooden|green|red|little blue|long",
        "{pushed it round and round|pulled it along the floor|made it go under the chair}",
        "two wheels had come off",
        "fell off the table",
        "put both wheels back on",
        "some strong glue",
    ),
    _toy(
        "drum",
        "red|big|little|round|blue",
        "{beat it|played it} {like a soldier|with two sticks|very loudly}",
        "there was a big hole in the top",
        "got stepped on",
        "stretched a new skin over the top",
        "a piece of leather and some string",
    ),
    _toy(
        "music box",
        "silver|little|old|golden|wooden",
        "{listened to its soft song|turned its tiny key|danced to its tune}",
        "it did not play anymore",
        "fell on the hard floor",
        "cleaned the tiny wheels inside until they turned again",
        "a tiny brush and a drop of oil",
    ),
    _toy(
        "robot toy",
        "silver|shiny|blue|little|red",
        "{made it walk|made it beep|let it march across the table}",
        "its leg was bent",
        "fell off the shelf",
        "bent the leg straight again",
        "a small hammer",
    ),
    _toy(
        "rocking horse",
        "wooden|white|old|brown|big",
        "rode it {like a knight|to the moon and back|over hills and valleys}",
        "one leg was cracked",
        "tipped over",
        "made the leg strong again",
        "some wood and a hammer",
    ),
    _toy(
        "wagon",
        "red|little|wooden|blue|old",
        "{pulled it up the hill|filled it with stones|took rides in it}",
        "its handle was broken",
        "ran into a wall",
        "tied on a new handle",
        "a strong rope",
    ),
]


@dataclass(frozen=True)
class Treasure:
    """Something worth keeping, and why."""

    noun: str
    adjectives: tuple
    why: str  # why it is dear


def _treasure(noun, adjectives, why):
    return Treasure(noun, tuple(adjectives.split("|")), why)


TREASURES = [
    _treasure(
        "hat",
        "red|blue|yellow|straw|warm|funny green|woolly",
        "{[e] had made it|it was a gift from [e]|it kept [h.his] ears warm}",
    ),
    _treasure("key", "golden|silver|old|small|rusty|tiny", "it opened a {little|secret|small wooden} box"),
    _treasure("ring", "golden|silver|shiny|tiny|old", "it had once belonged to [e]"),
    _treasure(
        "scarf",
        "red|blue|warm|long yellow|striped|soft",
        "{[e] had made it|it was a gift from [e]|it was so soft and warm}",
    ),
    _treasure("shell", "white|pink|shiny|smooth|tiny", "[h.he] could hear the sea in it"),
    _treasure("book", "blue|old|big|little red|favorite", "it was full of {stories|pictures|maps}"),
    _treasure("bell", "silver|golden|small|shiny|brass", "it made a {clear|sweet|merry} sound"),
    _treasure(
        "coin",
        "golden|silver|shiny|old|lucky",
        "{it brought good luck|it was very old|it was a gift from [e]}",
    ),
    _treasure("whistle", "silver|wooden|shiny|little|tin", "it made a {loud|funny|clear} sound"),
    _treasure("marble", "blue|green|shiny|glass|clear", "it looked like a tiny {world|planet|sky}"),
    _treasure("button", "blue|shiny|golden|red|big", "it was as {round|bright} as the moon"),
    _treasure("umbrella", "red|yellow|big blue|green|spotted", "it kept [h.him] dry in the rain"),
    _treasure("lantern", "little|brass|old|red|paper", "it made a warm light at night"),
    _treasure("blanket", "blue|soft|warm|green|old", "[h.he] could not sleep without it"),
    _treasure("feather", "blue|white|golden|long|red", "it was soft and {light|bright}"),
    _treasure("stone", "smooth|shiny|blue|round|green", "it sparkled in the sun"),
]

FOODS = (
    "bread|an apple|a cookie|soup|cake|a sandwich|a pear|cheese|a banana|pancakes|an"
    " orange|honey|rice|pie|pasta|a carrot|berries|pizza|an egg|porridge|a plum|nuts|grapes|toast|a"
    " muffin|corn|a peach|beans|noodles|cherries|fish|a potato|yogurt|jam|a melon|popcorn|salad|a pretzel"
    .split("|")
)

SHARE_FOODS = [  # (article form, noun, part given, plural?)
    ("a big cake", "cake", "a big slice", "sweet"),
    ("a loaf of bread", "bread", "half", "warm"),
    ("a basket of apples", "apples", "three apples", "sweet"),
    ("a jar of honey", "honey", "a big spoonful", "golden"),
    ("a bag of cookies", "cookies", "two cookies", "crunchy"),
    ("a berry pie", "pie", "a large piece", "warm"),
    ("a pot of soup", "soup", "a full bowl", "hot"),
    ("a bag of nuts", "nuts", "a handful", "crunchy"),
    ("a cheese sandwich", "sandwich", "half", "tasty"),
    ("a basket of berries", "berries", "a handful", "juicy"),
    ("a big melon", "melon", "a juicy slice", "sweet"),
    ("a bunch of grapes", "grapes", "half of them", "juicy"),
    ("a plate of pancakes", "pancakes", "two pancakes", "warm"),
    ("a bowl of cherries", "cherries", "a handful", "red"),
    ("a bag of popcorn", "popcorn", "a big handful", "salty"),
    ("a round pizza", "pizza", "two slices", "hot"),
]

# -- skills: who needs which tag ------------------------------------------------------


@dataclass(frozen=True)
class Skill:
    """Something that can be learned with practice."""

    inf: str  # to ___
    ing: str
    past: str  # she ___
    fail: str  # she ___ (first try)
    tip: str  # imperative advice
    success: str  # she ___ (at last)
    tags: frozenset = frozenset()


def _skill(inf, ing, past, fail, tip, success, tags=""):
    return Skill(inf, ing, past, fail, tip, success, frozenset(tags.split()))


SKILLS = [
    _skill(
        "ride a bike",
        "riding a bike",
        "rode the bike",
        "{fell off the bike|rolled into a bush|tipped over on the grass}",
        "look ahead and keep pedaling",
        "rode all the way {down the street|to the end of the path|around the yard}",
        "hands",
    ),
    _skill(
        "swim",
        "swimming",
        "swam",
        "{splashed and coughed|sank like a stone|swallowed a mouthful of water}",
        "kick your legs and stay calm",
        "swam all the way across the {pond|pool|river}",
        "swims",
    ),
    _skill(
        "bake bread",
        "baking bread",
        "baked bread",
        "{burned the bread|forgot the salt|made a loaf as hard as a rock}",
        "be patient and let the dough rest",
        "pulled a golden loaf out of the oven",
        "hands",
    ),
    _skill(
        "paint",
        "painting",
        "painted",
        "{dripped paint on the floor|made a big brown blot|painted a horse that looked like a potato}",
        "look closely before you begin",
        "painted a {bright sunset|red apple|little house} that everyone loved",
        "hands",
    ),
    _skill(
        "play the flute",
        "playing the flute",
        "played the flute",
        "{made only a squeak|blew until [h.his] face was red|made a sound like a sick goose}",
        "breathe slowly and blow softly",
        "played a {sweet|whole|gentle} song",
        "hands",
    ),
    _skill(
        "tie a knot",
        "tying knots",
        "tied a knot",
        "{made a big tangle|dropped the rope|tied [h.his] own sleeve to the chair}",
        "go over, under, and through",
        "tied a perfect knot",
        "hands",
    ),
    _skill(
        "climb a tree",
        "climbing trees",
        "climbed the tree",
        "{slid back down|got stuck on the first branch|fell into the soft leaves}",
        "hold on tight and take one branch at a time",
        "climbed to the very top of the {oak|apple} tree",
        "walks",
    ),
    _skill(
        "whistle",
        "whistling",
        "whistled",
        "{blew only air|made a funny wet sound|could not make a sound}",
        "make your lips round and blow gently",
        "whistled a whole {song|tune}",
        "hands",
    ),
    _skill(
        "dance",
        "dancing",
        "danced",
        "{tripped over [h.his] own feet|bumped into the wall|turned the wrong way}",
        "listen to the music and count to four",
        "danced without a single mistake",
        "walks",
    ),
    _skill(
        "skate",
        "skating",
        "skated",
        "{slipped on the ice|sat down hard on the ice|slid into a snowbank}",
        "bend your knees and look ahead",
        "skated all the way around the frozen lake",
        "walks",
    ),
    _skill(
        "fly",
        "flying",
        "flew",
        "{flapped and fell into a bush|dropped like a stone|landed in the mud}",
        "spread your wings and trust the wind",
        "flew over the {trees|roof|river}",
        "flies",
    ),
    _skill(
        "catch a fish",
        "catching fish",
        "caught a fish",
        "{pulled up an old boot|slipped on a wet stone|scared all the fish away}",
        "sit still and wait",
        "caught a shiny silver fish",
        "hands swims",
    ),
    _skill(
        "read",
        "reading",
        "read",
        "{mixed up the letters|held the book upside down|got stuck on the first word}",
        "say each sound slowly",
        "read a whole {page|story} out loud",
        "hands",
    ),
    _skill(
        "juggle",
        "juggling",
        "juggled",
        "{dropped every ball|threw one ball out of the window|hit [h.himself] on the nose}",
        "watch the highest ball, not your hands",
        "kept three balls in the air",
        "hands",
    ),
    _skill(
        "jump over the stream",
        "jumping",
        "jumped",
        "{landed in the cold water|got wet feet|stopped at the edge, too scared to jump}",
        "run fast and look at the other side",
        "jumped right over the stream",
        "walks",
    ),
    _skill(
        "sing",
        "singing",
        "sang",
        "{squeaked like an old door|forgot the words|sang so loudly that the birds flew away}",
        "open your mouth wide and listen to the tune",
        "sang a {lovely|whole|sweet} song",
        "",
    ),
    _skill(
        "build a fire",
        "building fires",
        "built a fire",
        "{made only smoke|used wet wood|blew the little flame out}",
        "use dry sticks and give the fire air",
        "made a warm, bright fire",
        "hands",
    ),
    _skill(
        "row a boat",
        "rowing",
        "rowed",
        "{went in circles|lost an oar|bumped into the shore}",
        "pull both oars at the same time",
        "rowed across the whole lake",
        "hands",
    ),
]

PLANTS = [  # seed, what grows, what it gives
    ("sunflower seed", "sunflower", "taller than the fence", "a big yellow flower"),
    ("pumpkin seed", "pumpkin vine", "across the whole garden", "a huge orange pumpkin"),
    ("apple seed", "apple tree", "a little taller every year", "sweet red apples"),
    ("bean", "bean plant", "up and up a long stick", "green beans"),
    ("tomato seed", "tomato plant", "green and strong", "round red tomatoes"),
    ("rose seed", "rose bush", "full of green leaves", "pink roses"),
    ("melon seed", "melon vine", "along the ground", "a sweet round melon"),
    ("strawberry seed", "strawberry plant", "low and leafy", "sweet red strawberries"),
    ("cherry stone", "cherry tree", "a little taller every spring", "shiny red cherries"),
    ("acorn", "oak tree", "slowly, year after year", "cool shade and acorns"),
    ("pea", "pea plant", "up a little fence", "fat green peas"),
    ("tulip bulb", "tulip", "straight and green", "a bright red tulip"),
]


@dataclass(frozen=True)
class Destination:
    """Where a journey can lead."""

    noun: str  # "the sea"
    way: tuple  # sights on the way
    there: tuple  # what she did there (past)
    sight: str  # first look
    souvenir: tuple
    transport: tuple = ("walked",)


def _dest(noun, way, there, sight, souvenir):
    return Destination(
        noun, tuple(way.split("|")), tuple(there.split("|")), sight, tuple(souvenir.split("|"))
    )


DESTINATIONS = [
    _dest(
        "the sea",
        "a green valley|a field of sheep|a windy hill|a sleepy village|a long stone bridge",
        "ran along the sand|jumped over the waves|built a castle of sand|looked for shells|watched the white"
        " gulls|put [h.his] feet in the cold water",
        "{The water was blue and it went on forever|The waves were bigger than houses|The sea shone like"
        " silver in the sun}",
        "a white shell|a smooth stone|a jar of sand|a piece of green sea glass",
    ),
    _dest(
        "the mountain",
        "a dark forest|a narrow path|a rushing stream|a field of flowers|a rope bridge",
        "sat on a flat rock|touched the cold snow|looked down at the tiny houses|shouted and heard an"
        " echo|ate lunch above the clouds",
        "{The top was white with snow|The peak was higher than the clouds|The whole world lay below}",
        "a shiny stone|a white flower|a little piece of crystal|an eagle feather",
    ),
    _dest(
        "the forest",
        "a quiet field|a wooden gate|a small stream|a farm with a red barn|a mossy wall",
        "picked berries|listened to the birds|followed a deer track|lay down on the soft moss|found red"
        " mushrooms",
        "{The trees were as tall as towers|Everything was green and quiet|Sunlight fell through the leaves}",
        "a pine cone|a basket of berries|a red leaf|an acorn",
    ),
    _dest(
        "the market",
        "a busy street|a stone bridge|a field of corn|a big gate|a row of little houses",
        "tasted the cheese|smelled the fresh bread|listened to a man with a violin|looked at the bright"
        " cloth|counted the baskets of apples",
        "{There were people everywhere|The air smelled of bread and spice|There were more colors than in a"
        " rainbow}",
        "a warm bun|a blue ribbon|a basket of plums|a tiny bell",
    ),
    _dest(
        "the moon",
        "a soft white cloud|a flock of sleepy birds|a shooting star|a sky full of stars|a cold dark wind",
        "jumped as high as a house|looked back at the blue Earth|drew a face in the gray dust|bounced from"
        " rock to rock|counted the stars",
        "{Everything was gray and silent|The ground was covered with soft dust|The Earth looked like a blue"
        " ball}",
        "a gray stone|a little bag of moon dust|a silver rock",
    ),
    _dest(
        "the castle",
        "a deep forest|a wooden bridge|a field of golden wheat|a long road|a tall hill",
        "walked through the great hall|looked out from the highest tower|met the king's old dog|tried on a"
        " shiny helmet|danced in the great hall",
        "{Its towers touched the clouds|There were flags on every tower|Its gate was as big as a house}",
        "a golden button|a little flag|an old silver spoon",
    ),
    _dest(
        "the city",
        "a long road|a train station|a wide river|rows and rows of houses|a busy bridge",
        "rode on a bus|looked up at the tall towers|ate ice cream in a square|fed the pigeons|watched the"
        " bright lights",
        "{The buildings were so tall|There were lights everywhere|It was loud and bright and full of people}",
        "a picture of a tower|a bus ticket|a red balloon|a paper flag",
    ),
    _dest(
        "the island",
        "a school of fish|a jumping dolphin|a rocky reef|a big friendly whale|a little lighthouse",
        "walked under the palm trees|drank from a coconut|swam in the warm water|followed tiny footprints in"
        " the sand|made a hut of leaves",
        "{It was green and full of birds|The sand was as white as snow|Palm trees waved in the wind}",
        "a coconut|a pink shell|a parrot feather",
    ),
    _dest(
        "the river",
        "a quiet field|an old mill|a muddy path|a row of willow trees|a sleepy farm",
        "threw flat stones|watched the silver fish|sailed a leaf boat|sat under a willow|waved at a passing"
        " boat",
        "{The water was clear and cold|The water sparkled in the sun|The river was wide and slow}",
        "a smooth stone|a gray feather|a tiny snail shell",
    ),
    _dest(
        "the desert",
        "a dry hill|a dusty road|a lonely well|a line of camels|a big red rock",
        "slid down a hill of sand|sat in the shade of a palm|watched a lizard|slept under a million"
        " stars|drank cool water from a well",
        "{There was sand as far as the eye could see|The sand was hot and golden|The hills of sand looked"
        " like waves}",
        "a bottle of red sand|a desert rose|a smooth yellow stone",
    ),
]

FEARS = [  # what she feared, what it truly was, how it felt
    ("a scratching sound at the window", "only a branch moving in the wind"),
    ("a tall dark shape by the door", "only a coat on a hook"),
    ("two green eyes in the dark", "only a cat"),
    ("a long shadow on the wall", "only the shadow of a plant"),
    ("a low growl under the bed", "only the dog, snoring in its sleep"),
    ("a tapping sound on the roof", "only the rain"),
    ("a soft voice in the hall", "only the old clock"),
    ("a white shape in the garden", "only a shirt on the line"),
    ("a creaking sound on the stairs", "only the old wood getting cold"),
    ("a strange light on the ceiling", "only the moon shining on a glass of water"),
    ("a whistling sound in the chimney", "only the wind"),
    ("something furry on the floor", "only an old slipper"),
    ("a big round shadow outside", "only an owl on a branch"),
    ("a thump in the kitchen", "only the cat, looking for milk"),
]
WILD_FEARS = [
    ("a tall dark shape between the trees", "only an old tree stump"),
    ("two yellow eyes in the dark", "only a sleepy owl"),
    ("a rustling sound in the leaves", "only a tiny mouse"),
    ("a low moan in the dark", "only the wind in the branches"),
    ("a long arm on the ground", "only the shadow of a branch"),
    ("a splash near the water", "only a frog going for a swim"),
    ("a strange white light", "only the moon behind a cloud"),
    ("a crack in the dark", "only a pine cone falling from a tree"),
    ("tiny green lights in the grass", "only some friendly fireflies"),
    ("a loud hoot above", "only an owl saying good night"),
]


@dataclass(frozen=True)
class Magic:
    """A magic object and what it does."""

    thing: str
    adjectives: tuple
    power: str  # "could ___" (it)
    wish: str  # what she used it for, past clause
    rule: str  # "must never ___"
    broke: str  # she broke the rule, past clause
    harm: str  # what went wrong, sentence
    cure: str  # how it ended, past clause


def _magic(thing, adjectives, power, wish, rule, broke, harm, cure):
    return Magic(thing, tuple(adjectives.split("|")), power, wish, rule, broke, harm, cure)


MAGICS = [
    _magic(
        "pot",
        "little|black|old|copper",
        "cook {soup|porridge|rice} all by itself",
        "cooked a warm dinner for the whole village",
        'say the word "stop" when the bowls are full',
        "forgot to say the word",
        "the {soup|food} ran over the table, out of the door, and down the street",
        'shouted "Stop!" as loudly as [h.he] could',
    ),
    _magic(
        "pencil",
        "golden|red|tiny|old",
        "make every drawing come to life",
        "drew a {bird|butterfly|flower} that flew right off the page",
        "only draw things that are kind",
        "drew a big angry {dog|lion|dragon} to scare a neighbor",
        "the drawing jumped off the page and chased everyone down the street",
        "drew a soft bed, and the angry thing fell asleep on it",
    ),
    _magic(
        "lamp",
        "golden|little|old|dusty",
        "give three wishes",
        "wished for {a warm coat|a new roof|a basket of bread} for a poor family",
        "never wish for more than you need",
        "wished for a mountain of gold",
        "so much gold fell from the sky that the door could not open",
        "used the last wish to put everything back",
    ),
    _magic(
        "flute",
        "silver|wooden|little|old",
        "make anyone dance",
        "played a song and made a sad old man dance for joy",
        "never play it after dark",
        "played it in the middle of the night",
        "the whole village had to dance until the sun came up",
        "said sorry and put the flute away until morning",
    ),
    _magic(
        "cloak",
        "blue|gray|silver|old",
        "hide the one who wore it",
        "helped a lost lamb without scaring it",
        "never use it to take what is not yours",
        "used it to take a cake from the bakery",
        'the cloak turned bright red and began to shout, "Thief! Thief!"',
        "gave back the cake and said sorry to the baker",
    ),
    _magic(
        "seed",
        "golden|tiny|blue|shiny",
        "grow into a tree in one night",
        "grew a tree full of sweet fruit for everyone",
        "share the fruit with everyone who asks",
        "put up a fence and kept all the fruit",
        "the leaves turned gray and the fruit began to fall",
        "took down the fence and called the neighbors",
    ),
    _magic(
        "mirror",
        "round|silver|small|old",
        "show any place in the world",
        "found a lost {child|puppy|sheep} and brought it home",
        "always tell the truth in front of it",
        "told a lie in front of it",
        "the glass went dark and showed nothing at all",
        "told the truth at last",
    ),
    _magic(
        "ring",
        "golden|silver|thin|old",
        "let its owner talk with animals",
        "asked a {bird|mouse|horse} where the lost key was",
        "always keep the animals' secrets",
        "told everyone a secret of the birds",
        "the birds stopped singing and no animal came near",
        "went to the birds and promised never to do it again",
    ),
    _magic(
        "broom",
        "old|little|wooden|brown",
        "fly over the rooftops",
        "flew high over the village and brought medicine to a sick girl",
        "always be home before midnight",
        "stayed out and raced with the owls",
        "the broom stopped in the air and dropped [h.him] into a muddy pond",
        "walked home, cleaned the broom, and promised to be on time",
    ),
    _magic(
        "clock",
        "golden|little|old|wooden",
        "stop time for one minute",
        "stopped time and caught a falling {baby bird|cup|kitten}",
        "only use it to help",
        "used it to win a race",
        "everyone stayed frozen, and the world was very quiet and lonely",
        "turned the hands back and told everyone the truth",
    ),
    _magic(
        "hat",
        "tall black|purple|blue|funny",
        "make anything small",
        "made a heavy {cart|log|stone} small enough to carry away",
        "never put it on your own head",
        "put it on just for fun",
        "[h.he] became as small as a mouse",
        "asked a kind {bird|beetle} to lift the hat off",
    ),
    _magic(
        "bag",
        "brown|little|green|old",
        "never be empty",
        "gave {bread|apples|nuts} to every hungry child",
        "never look inside",
        "opened it wide and looked inside",
        "there was nothing in it but dust",
        "said sorry, and in the morning the bag was full again",
    ),
]

SECRETS = [  # entrance, inside, something special
    (
        "a little green door in the garden wall",
        "a hidden garden full of {white|red|blue} flowers",
        "an old swing",
    ),
    (
        "a narrow path behind the waterfall",
        "a cave that sparkled with {blue|white|pink} crystals",
        "a small clear pool",
    ),
    (
        "a hole in the hedge",
        "a quiet place full of tall grass and butterflies",
        "a smooth round stone to sit on",
    ),
    ("a small door behind the bookcase", "a tiny room full of old {books|toys|maps}", "a warm red chair"),
    ("a ladder that went up into an old oak tree", "a little tree house", "a telescope"),
    ("a tunnel under the roots of a tree", "a round room with a soft floor of moss", "a nest of sleepy mice"),
    (
        "a rusty gate at the end of the lane",
        "an old orchard full of {apple|pear|cherry} trees",
        "a well with a wooden bucket",
    ),
    ("a flight of stone steps behind the ivy", "a pond with golden fish", "a little wooden boat"),
    ("a crack between two big rocks", "a tiny beach with white sand", "a pool full of starfish"),
    ("a trapdoor under the rug", "a cellar full of {jars|lanterns|boxes}", "a box of old letters"),
]

CONTESTS = [  # name, what you do (past), rival's flaw, tags, adverse event, prize
    (
        "a race",
        "ran as fast as [h.he] could",
        "{the first one to reach the old oak|the first one across the bridge}",
        "walks",
    ),
    ("a singing contest", "sang with all [h.his] heart", "the one with the sweetest song", ""),
    (
        "a cake contest",
        "baked a cake with {cherries|nuts|lemon|berries}",
        "the one with the best cake",
        "hands",
    ),
    (
        "a drawing contest",
        "drew a picture of {the sea|a horse|the moon|the old mill}",
        "the one with the best picture",
        "hands",
    ),
    (
        "a sandcastle contest",
        "built a castle with {four tall towers|a deep moat|a bridge of shells}",
        "the one with the finest castle",
        "hands",
    ),
    ("a swimming race", "swam as fast as [h.he] could", "the first one to reach the red flag", "swims"),
    ("a dancing contest", "danced until [h.his] feet were sore", "the best dancer", "walks"),
    ("a flying race", "flew as fast as the wind", "the first one around the old tower", "flies"),
    (
        "a snowman contest",
        "built a snowman with {a red hat|a long nose|two heads}",
        "the one with the best snowman",
        "hands",
    ),
    ("a spelling contest", "spelled every word slowly and clearly", "the one who made no mistakes", "hands"),
    (
        "a pumpkin contest",
        "watered the pumpkin every single day",
        "the one with the biggest pumpkin",
        "hands",
    ),
    ("a climbing contest", "climbed higher and higher", "the first one at the top of the hill", "walks"),
]
PRIZES = (
    "a golden cup|a blue ribbon|a big cake|a silver medal|a basket of fruit|a shiny trophy|a new hat|a bag of"
    " candy|a crown of flowers|a book".split("|")
)

MISTAKES = [  # what happened (past, she), whose thing, what the truth is about, how she made up
    ("broke [f.poss] favorite cup", "the cup", "glued the pieces together"),
    ("ate the cake that was for [f.poss] birthday", "the cake", "baked a new cake"),
    ("lost [f.poss] red ball in the river", "the ball", "gave [f] [h.his] own ball"),
    ("spilled paint on [f.poss] picture", "the picture", "helped [f] paint a new one"),
    ("forgot to water [f.poss] flowers", "the flowers", "planted new ones"),
    ("stepped on [f.poss] sandcastle", "the castle", "helped [f] build a bigger one"),
    ("laughed at [f.poss] new hat", "the hat", "told [f] how nice it was"),
    ("tore a page in [f.poss] book", "the book", "mended the page with tape"),
    ("let [f.poss] kite fly away", "the kite", "made a new kite out of paper"),
    ("told [f.poss] secret to everyone", "the secret", "promised never to tell a secret again"),
    ("left the gate open, and [f.poss] sheep ran away", "the sheep", "helped to bring every sheep back"),
    ("took [f.poss] apples without asking", "the apples", "picked a whole basket of apples for [f]"),
    ("broke [f.poss] window with a ball", "the window", "paid for a new window with [h.his] own coins"),
    ("shouted at [f] for no reason", "the quarrel", "gave [f] a big hug"),
    ("forgot [f.poss] birthday", "the birthday", "made a surprise party"),
    ("splashed mud on [f.poss] clean coat", "the coat", "washed the coat until it was clean"),
]

STRANGERS = [  # who, trouble, help (past she), reward later
    (
        "an old man",
        "he",
        "his cart was stuck in the mud",
        "pushed the cart until it was free",
        "an old wooden whistle",
    ),
    (
        "an old woman",
        "she",
        "her basket was too heavy to carry",
        "carried the basket all the way to her door",
        "a warm loaf of bread",
    ),
    (
        "a tiny bird",
        "it",
        "its wing was caught in a thorn bush",
        "gently pulled the thorns away",
        "a bright blue feather",
    ),
    (
        "a gray wolf",
        "he",
        "there was a thorn in his paw",
        "pulled the thorn out with great care",
        "a promise to be friends forever",
    ),
    (
        "a small lamb",
        "it",
        "it had lost its mother",
        "walked with it until they found the flock",
        "a soft ball of wool",
    ),
    ("a tired traveler", "he", "he had lost his way", "showed him the road to the village", "a shiny coin"),
    (
        "a little ant",
        "she",
        "she had fallen into a puddle",
        "held out a leaf so that she could climb out",
        "a tiny crumb of sugar",
    ),
    (
        "a young deer",
        "it",
        "its leg was caught between two rocks",
        "rolled the rocks away",
        "a secret path through the forest",
    ),
    (
        "a big turtle",
        "he",
        "he was lying on his back and could not turn over",
        "turned him back onto his feet",
        "a smooth green stone",
    ),
    (
        "a poor musician",
        "she",
        "her violin had lost a string",
        "gave her a piece of strong string",
        "a beautiful song",
    ),
    (
        "a lost puppy",
        "it",
        "it was cold and hungry",
        "gave it food and wrapped it in a blanket",
        "a wet kiss on the nose",
    ),
    (
        "a small fish",
        "it",
        "it was trapped in a pool far from the river",
        "carried it back to the river",
        "a white pearl",
    ),
    (
        "a bee",
        "she",
        "she was too cold to fly",
        "held her near a warm light until she could fly",
        "a drop of golden honey",
    ),
    (
        "a giant",
        "he",
        "he had a terrible toothache and nobody dared to come near",
        "brought him some cool mint leaves",
        "a ride on his huge shoulders",
    ),
]

REMEDIES = [
    ("a bowl of hot soup", "soup"),
    ("a cup of tea with honey", "tea"),
    ("a bunch of wild flowers", "flowers"),
    ("a warm blanket", "blanket"),
    ("a funny book", "book"),
    ("a basket of oranges", "oranges"),
    ("a picture of a rainbow", "picture"),
    ("a jar of berry jam", "jam"),
]
ILLNESSES = ["a bad cold", "a fever", "a sore throat", "a tummy ache", "a cough", "a headache"]

BUILDS = [  # thing, first step, second, third, use
    (
        "a tree house",
        "found some strong boards",
        "made a ladder of rope",
        "put on a little roof",
        "looked out over the whole valley",
    ),
    (
        "a raft",
        "cut long branches",
        "tied them together with rope",
        "made a sail from an old sheet",
        "sailed slowly down the river",
    ),
    (
        "a snow fort",
        "rolled big balls of snow",
        "piled them into a wall",
        "put a flag on top",
        "drank hot cocoa inside",
    ),
    (
        "a bridge over the stream",
        "carried flat stones",
        "laid a long log across",
        "tied a rope for a handrail",
        "walked across without getting wet",
    ),
    (
        "a little house for the birds",
        "sawed some thin boards",
        "nailed them together",
        "painted the roof red",
        "watched the first birds move in",
    ),
    (
        "a scarecrow",
        "filled an old shirt with straw",
        "gave it a pumpkin head",
        "put a funny hat on it",
        "laughed when the crows flew away",
    ),
    (
        "a cart",
        "found four old wheels",
        "fixed them to a box",
        "painted it blue",
        "rolled down the hill, laughing",
    ),
    (
        "a bench for the village",
        "sanded a long board",
        "made four strong legs",
        "painted it green",
        "sat on it and watched the sunset",
    ),
]

PET_FINDS = [  # pet, where, need, name pool
    ("kitten", "in a box by the road", "a bowl of milk"),
    ("puppy", "under a bush in the rain", "a warm blanket"),
    ("duckling", "alone by the pond", "some bread crumbs"),
    ("baby bird", "on the ground under a tree", "a soft little nest"),
    ("baby rabbit", "in the wet grass", "a fresh carrot"),
    ("hedgehog", "in a cold ditch", "a pile of dry leaves"),
    ("snail with a cracked shell", "on the garden path", "a green leaf"),
    ("baby squirrel", "at the foot of an oak tree", "a few small nuts"),
    ("lamb", "behind a stone wall", "a bottle of warm milk"),
    ("little turtle", "in the middle of the road", "a tub of cool water"),
]

# -- small word lists drawn with [@name] ------------------------------------------------
WORD_LISTS = {
    "said": "said|said|asked softly|whispered|replied".split("|"),
    "color": "red|blue|green|yellow|white|black|brown|orange|pink|purple|gray|golden|silver".split("|"),
    "weather": "sunny|warm|cold|rainy|windy|cloudy|snowy|hot|foggy|stormy|bright|cool".split("|"),
    "fineday": "sunny|warm|bright|fine|lovely|beautiful|clear|quiet|cool|windy|golden".split("|"),
    "daytime": "morning|afternoon|day|evening".split("|"),
    "season": "spring|summer|autumn|winter".split("|"),
    "happy": "happy|glad|proud|full of joy|very happy|so happy|cheerful|delighted|pleased".split("|"),
    "glad": "happy|glad|proud|excited|pleased|cheerful|surprised".split("|"),
    "sad": "sad|worried|upset|lonely|very sad|unhappy|close to tears|miserable".split("|"),
    "scared": "scared|afraid|frightened|very scared|a little scared|nervous".split("|"),
    "good": "good|kind|nice|wonderful|lovely|great|fine|sweet".split("|"),
    "quickly": "quickly|slowly|quietly|carefully|softly|happily|gently|bravely".split("|"),
    "smiled": "smiled|laughed|grinned|nodded|giggled|clapped|beamed|cheered".split("|"),
    "animal": "cat|dog|rabbit|fox|bear|mouse|owl|frog|duck|squirrel|bird|turtle|hedgehog|pig|cow|horse|"
              "sheep|goat|lion|tiger|elephant|monkey|penguin|wolf|deer|snake|bee|fish|whale|zebra|giraffe|"
              "kangaroo|parrot|panda|otter|camel|hen|donkey|swan|crab".split("|"),
    "fruit": "apple|banana|orange|pear|grape|cherry|strawberry|lemon|peach|plum|mango|melon|kiwi|pineapple|"
             "blueberry|raspberry|apricot|fig|lime|coconut|papaya".split("|"),
    "vegetable": "carrot|potato|tomato|onion|pea|bean|cabbage|cucumber|corn|spinach|pepper|pumpkin|"
                 "broccoli|lettuce|garlic|beet|radish|leek|turnip".split("|"),
    "food": FOODS,
    "girl": GIRL_NAMES,
    "boy": BOY_NAMES,
    "name": [name for pair in zip(GIRL_NAMES, BOY_NAMES) for name in pair],
    "day": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday".split("|"),
    "month": "January February March April May June July August September October November December".split(),
    "furniture": "chair|table|bed|sofa|shelf|desk|bench|stool|cupboard|lamp|rug|mirror".split("|"),
    "togo": "park|beach|store|zoo|library|market|school|sea|forest|moon|museum|playground|lake|mountains|"
            "city|farm|garden|river|circus|castle|cinema|bakery|pool|station|island".split("|"),
}
