"""Data for everything that is not a story. Commoner entries come first."""

from grammar import split_options

CAPITALS = [
    tuple(pair.split("="))
    for pair in "France=Paris|Germany=Berlin|Italy=Rome|Spain=Madrid|England=London|Japan=Tokyo|"
                "China=Beijing|Russia=Moscow|Canada=Ottawa|Austria=Vienna|Greece=Athens|Portugal=Lisbon|"
                "Poland=Warsaw|Sweden=Stockholm|Norway=Oslo|Denmark=Copenhagen|Finland=Helsinki|"
                "Ireland=Dublin|Belgium=Brussels|the Netherlands=Amsterdam|Switzerland=Bern|"
                "Hungary=Budapest|the Czech Republic=Prague|Egypt=Cairo|India=New Delhi|Brazil=Brasília|"
                "Argentina=Buenos Aires|Mexico=Mexico City|Australia=Canberra|New Zealand=Wellington|the "
                "United States=Washington|the United Kingdom=London|Turkey=Ankara|Iceland=Reykjavik|"
                "Scotland=Edinburgh|Romania=Bucharest|Bulgaria=Sofia|Croatia=Zagreb|Serbia=Belgrade|"
                "Slovenia=Ljubljana|Slovakia=Bratislava|Ukraine=Kyiv|Estonia=Tallinn|Latvia=Riga|"
                "Lithuania=Vilnius|Kenya=Nairobi|Morocco=Rabat|Nigeria=Abuja|Ghana=Accra|Ethiopia=Addis "
                "Ababa|South Korea=Seoul|Thailand=Bangkok|Vietnam=Hanoi|Indonesia=Jakarta|the "
                "Philippines=Manila|Cuba=Havana|Peru=Lima|Chile=Santiago|Colombia=Bogotá|"
                "Uruguay=Montevideo|Iran=Tehran|Iraq=Baghdad|Israel=Jerusalem|Nepal=Kathmandu|"
                "Mongolia=Ulaanbaatar|Luxembourg=Luxembourg|Malta=Valletta|Jordan=Amman|Tunisia=Tunis|"
                "Algeria=Algiers".split("|")
]

CAPITAL_FORMS = [
    "The capital of [c] is [p].",
    "[P] is the capital of [c].",
    "What is the capital of [c]? The capital of [c] is [p].",
    "The capital city of [c] is [p].",
    "[P] is a {big|beautiful|famous|lively|great} city. It is the capital of [c].",
    "In [c], the capital is [p].",
    "Question: What is the capital of [c]?\nAnswer: [P]",
    "The city of [p] is in [c].",
    "If you travel to [c], visit [p], the capital.",
    "Q: What is the capital of [c]?\nA: [P]",
]

SOUNDS = [
    tuple(p.split("="))
    for p in "cow=moo|dog=woof|cat=meow|duck=quack|sheep=baa|pig=oink|lion=roar|bee=buzz|frog=ribbit|"
             "owl=hoot|snake=hiss|mouse=squeak|horse=neigh|rooster=cock-a-doodle-doo|bird=tweet|crow=caw|"
             "wolf=howl|hen=cluck|donkey=hee-haw|goose=honk|turkey=gobble|dove=coo".split("|")
]
SOUND_FORMS = [
    'A [a] says "[b]".',
    'The [a] says "[b]".',
    'What does a [a] say? A [a] says "[b]".',
    '"[B]!" says the [a].',
    'What sound does a [a] make? A [a] says "[b]".',
]

OPPOSITES = [
    tuple(p.split("="))
    for p in "big=small|hot=cold|day=night|up=down|good=bad|happy=sad|old=young|fast=slow|black=white|"
             "open=closed|light=dark|high=low|long=short|wet=dry|full=empty|hard=soft|near=far|early=late|"
             "left=right|loud=quiet|rich=poor|thick=thin|heavy=light|strong=weak|yes=no|true=false|"
             "clean=dirty|easy=difficult|first=last|inside=outside|summer=winter|love=hate|begin=end|"
             "push=pull|sweet=sour|awake=asleep|front=back|north=south|east=west|before=after".split("|")
    if p != "heavy=light"
]
OPPOSITE_FORMS = [
    "The opposite of [a] is [b].",
    "What is the opposite of [a]? The opposite of [a] is [b].",
    "[A] is the opposite of [b].",
    "[A] and [b] are opposites.",
    'The opposite of "[a]" is "[b]".',
]

EATS = [
    tuple(p.split("="))
    for p in (
        "cows=grass|rabbits=carrots and grass|lions=meat|cats=fish and meat|squirrels=nuts|monkeys=bananas"
        " and other fruit|pandas=bamboo|horses=grass and hay|bears=fish, berries, and honey|birds=seeds and"
        " worms|mice=seeds and"
        " cheese|koalas=leaves|frogs=flies|owls=mice|penguins=fish|sheep=grass|goats=leaves and"
        " grass|elephants=leaves, grass, and fruit|giraffes=leaves from tall trees|whales=tiny animals in the"
        " sea|spiders=flies|wolves=meat|pigs=corn and roots|hens=corn|bees=nectar from"
        " flowers|caterpillars=leaves".split("|")
    )
]
EAT_FORMS = ["[A] eat [b].", "What do [a] eat? [A] eat [b].", "Most [a] eat [b].", "[A] like to eat [b]."]

MADE_OF = [
    tuple(p.split("="))
    for p in (
        "Bread is=flour and water|Paper is=wood|Glass is=sand|Cheese is=milk|Butter is=milk|Chocolate"
        " is=cocoa beans|Wool comes=sheep|A table is=wood|A coin is=metal|A book is=paper|Ice is=frozen"
        " water|A brick is=clay|Wine is=grapes|A candle is=wax|Clouds are=tiny drops of water|Silk"
        " comes=silkworms|Raisins are=dried grapes|A window is=glass|Flour is=wheat|Jam is=fruit and"
        " sugar|Honey comes=bees|Milk comes=cows|Eggs come=hens|A tire is=rubber|A key is=metal|Cotton"
        " comes=a plant|Ketchup is=tomatoes|Yogurt is=milk".split("|")
    )
]
MADE_OF = [(a, ("from " if a.split()[-1] in ("comes", "come") else "made of ") + b) for a, b in MADE_OF]
MADE_FORMS = ["[A] [b]."]

PEOPLE = [
    tuple(p.split("="))
    for p in (
        'William Shakespeare=wrote "Romeo and Juliet"|Leonardo da Vinci=painted the "Mona Lisa"|Johannes'
        " Gutenberg=built a famous printing press|Marie Curie=discovered radium|Isaac Newton=described"
        " gravity|Albert Einstein=was a famous physicist|Charles Darwin=wrote about how living things change"
        " over time|Thomas Edison=made a light bulb that could be sold|Alexander Graham Bell=is known for the"
        " telephone|Wolfgang Amadeus Mozart=wrote music when he was a child|Ludwig van Beethoven=was a great"
        " composer|Vincent van Gogh=painted sunflowers|Galileo Galilei=looked at the planets with a"
        " telescope|Ada Lovelace=wrote one of the first computer programs|Alan Turing=was one of the fathers"
        " of computer science|Neil Armstrong=was the first person to walk on the Moon|Yuri Gagarin=was the"
        ' first person in space|Hans Christian Andersen=wrote "The Ugly Duckling"|The Wright brothers=built'
        " the first airplane that really flew|Jules Verne=wrote about a journey around the world in eighty"
        ' days|Lewis Carroll=wrote "Alice in Wonderland"|Louis Pasteur=showed that germs cause disease|Grace'
        " Hopper=made one of the first compilers|Guido van Rossum=created the language Python|Jane"
        ' Austen=wrote "Pride and Prejudice"|Miguel de Cervantes=wrote "Don Quixote"|Johann Sebastian'
        " Bach=wrote music for the organ|Christopher Columbus=sailed across the Atlantic in"
        " 1492|Cleopatra=was a queen of Egypt|Claude Monet=painted water lilies".split("|")
    )
]

SAYINGS = (
    "The quick brown fox jumps over the lazy dog.|An apple a day keeps the doctor away.|The early bird"
    " catches the worm.|To be, or not to be, that is the question.|Practice makes perfect.|All that glitters"
    " is not gold.|Better late than never.|A friend in need is a friend indeed.|Rome was not built in a"
    " day.|Where there is a will, there is a way.|Actions speak louder than words.|When the cat is away, the"
    " mice will play.|Look before you leap.|Every cloud has a silver lining.|Two heads are better than"
    " one.|Don't count your chickens before they hatch.|The pen is mightier than the sword.|A picture is"
    " worth a thousand words.|Honesty is the best policy.|Time flies.|I think, therefore I am.|Many hands"
    " make light work.|Slow and steady wins the race.|Don't judge a book by its cover.|A stitch in time saves"
    " nine.|Home is where the heart is.|Where there is smoke, there is fire.|You cannot have your cake and"
    " eat it too.|Knowledge is power.|All roads lead to Rome.|Laughter is the best medicine.|No pain, no"
    " gain.|Birds of a feather flock together.|Still waters run deep.|All is well that ends well.|Curiosity"
    " killed the cat.|Twinkle, twinkle, little star, how I wonder what you are.|Row, row, row your boat,"
    " gently down the stream.|Roses are red, violets are blue.|She sells seashells by the seashore.|Hello,"
    " world!|Sphinx of black quartz, judge my vow.".split("|")
)

SCIENCE = split_options(
    "The {Sun|sun} is a star.|The Moon goes around the Earth.|The Earth goes around the Sun.|Water boils at"
    " 100 degrees Celsius.|Water freezes at 0 degrees Celsius.|Ice is frozen water.|A day has 24 hours.|An"
    " hour has 60 minutes.|A minute has 60 seconds.|A year has 365 days.|A week has seven days.|A year has"
    " twelve months.|Plants need {water, light, and air|light and water}.|Bees make honey.|Spiders have eight"
    " legs.|Insects have six legs.|Birds have {two legs and two wings|feathers}.|Fish {live|breathe|swim} in"
    " water.|Whales are not fish. They are mammals.|A triangle has three sides.|A square has four equal"
    " sides.|A rainbow has seven colors.|The sky is blue.|Grass is green.|Snow is white.|Blood is red.|The"
    " heart pumps blood through the body.|We {see|look} with our eyes.|We hear with our ears.|We smell with"
    " our nose.|We taste with our tongue.|The biggest planet is Jupiter.|The largest animal in the world is"
    " the blue whale.|The tallest animal is the giraffe.|The fastest land animal is the cheetah.|The largest"
    " ocean is the Pacific Ocean.|The highest mountain in the world is Mount Everest.|There are seven"
    " continents: Africa, Antarctica, Asia, Australia, Europe, North America, and South America.|The five"
    " oceans are the Pacific, the Atlantic, the Indian, the Southern, and the Arctic Ocean.|The largest"
    " continent is Asia.|The smallest continent is Australia.|The Nile is a long river in Africa.|The Amazon"
    " is a big river in South America.|Mars is called the red planet.|Saturn has bright rings.|The Earth is"
    " round.|The Earth is the third planet from the Sun.|Mercury is the planet closest to the Sun.|Neptune is"
    " the planet farthest from the Sun.|A baby cat is called a kitten.|A baby dog is called a puppy.|A baby"
    " cow is called a calf.|A baby sheep is called a lamb.|A baby horse is called a foal.|A baby frog is"
    " called a tadpole.|A caterpillar becomes a butterfly.|Light is faster than sound.|Magnets pull"
    " iron.|Wood floats on water.|A stone sinks in water.|Wind is moving air.|Rain falls from the clouds.|The"
    " sun rises in the east.|The sun sets in the west.|In winter, the days are short.|In summer, the days are"
    " long.|Penguins cannot fly.|Bats sleep upside down.|Snakes have no legs.|Frogs can live in water and on"
    " land.|Dogs are good at smelling.|Cats can see well at night.|Trees give us {wood and clean air|clean"
    " air}.|A computer works with zeros and ones.|A computer program is a list of instructions.|A language"
    " model guesses the next word.|Two plus two is four.|Three times three is nine.|Half of ten is five.|Ten"
    " is {bigger|more} than nine.|Red and yellow make orange.|Blue and yellow make green.|Red and blue make"
    " purple.|There are 26 letters in the English alphabet.|An elephant is bigger than a mouse.|A mouse is"
    " smaller than a cat.|A train is faster than a bike.|A mountain is higher than a hill.|The sun is hotter"
    " than fire.|A feather is lighter than a stone.|A river is longer than a stream.|Spring comes after"
    " winter.|Summer comes after spring.|Autumn comes after summer.|Winter comes after autumn.|Most people"
    " have ten fingers and ten toes."
)

EVERYDAY = """The cat sat on the {20~mat|9~chair|7~sofa|5~floor|5~bed|4~roof|3~table|2~wall|2~windowsill|\
1~fence|1~rug|1~steps}.
The {dog|puppy|old dog} {slept|lay|sat} {on|by|under} the {rug|door|table|bed|fire|tree}.
I want to go to the [@togo].
I want to {eat|have|buy} {an apple|a sandwich|some bread|some soup|pizza|a cookie|ice cream}.
I like to {read|play|sing|swim|dance|draw|cook|run|write} {in the morning|in the evening|every day|with my \
friends|at home|in the park}.
It was raining, so she took her {20~umbrella|6~coat|4~raincoat|3~boots|2~hat|1~bag}.
It was raining, so he {stayed at home|took his umbrella|put on his boots|ran inside|read a book}.
It was cold, so he put on his {coat|hat|gloves|scarf|boots|sweater}.
It was hot, so they {went swimming|sat in the shade|ate ice cream|drank cold water|opened the window}.
It was dark, so she {turned on the light|lit a candle|went to bed|could not see anything}.
He was hungry, so he {ate|made|had|bought} {a sandwich|some soup|an apple|some bread|a big lunch}.
She was tired, so she {went to bed|sat down|took a nap|closed her eyes|drank some coffee}.
He was thirsty, so he drank {some water|a glass of water|some milk|some juice|a cup of tea}.
The sky is {blue|gray|dark|clear|full of stars|full of clouds|pink}.
The sun is {shining|bright|hot|going down|coming up|behind the clouds}.
Today is [@day]. Tomorrow is another day.
Today it is {sunny|cold|warm|hot|cloudy|foggy} and {windy|wet|dry|bright|quiet}.
The weather is {nice|good|bad|fine|cold|warm} today.
My favorite color is [@color].
My favorite food is {pizza|cake|soup|rice|pasta|ice cream|bread with jam|cheese}.
My name is [@name], and I am {seven|eight|ten|nine|six|five|eleven|twelve} years old.
[@Girl] has a [@color] {dress|hat|bag|bike|coat|car|book|kite}.
[@Boy] has a [@color] {ball|hat|bike|car|coat|shirt|boat|kite}.
[@Name] {likes|loves|wants|has} {cats|dogs|books|music|apples|cake|the sea|games|old maps}.
There is a [@furniture] in the {room|kitchen|house|garden|hall}.
The {book|cup|key|lamp|letter|apple} is on the {table|chair|shelf|desk|floor}.
The {children|kids|boys|girls} are playing in the {garden|park|snow|street|yard|sand}.
The baby is {sleeping|crying|laughing|playing|hungry}.
Please {open|close} the {door|window|book|box}.
Please pass me the {salt|butter|bread|milk|sugar|pepper}.
A cup of {tea|coffee|milk|water|hot chocolate}, please.
For breakfast, I {eat|have} {bread and butter|an egg|toast with jam|porridge|cereal|pancakes} and drink {tea|\
milk|coffee|juice}.
In the {morning|evening}, I {brush my teeth|wash my face|drink tea|read a book}.
On [@day], we {go to school|visit our grandmother|play football|go to the market|bake a cake|go swimming}.
In {spring|April}, the {flowers bloom|birds build nests|trees turn green|days get longer}.
In {summer|July}, {it is hot|we swim in the lake|the days are long|we eat ice cream}.
In {autumn|October}, the {leaves fall|leaves turn red and yellow|wind blows|apples are ripe}.
In {winter|December}, {it is cold|it snows|we build a snowman|the lake is frozen|the nights are long}.
The {train|bus|ship|plane} {was late|came on time|was full|left at {six|seven|eight|nine|ten} o'clock}.
She went to the {store|market|shop|bakery} and bought some {bread|milk|eggs|apples|cheese|flowers}.
He opened the {door|box|window|letter|book} and {smiled|looked inside|laughed|found a key|saw a cat}.
The teacher {said|asked|wrote}, "{Good morning|Please sit down|Open your books|Listen to me}."
"{Good morning|Hello|Good night|Good evening}," said the {teacher|man|woman|old man|doctor|queen|boy}.
The {fish|duck|frog|swan} {swims|lives|is} in the {water|lake|pond|river}.
The {bird|owl|eagle} {flies {over|above} the {house|trees|lake|city|sea}|sits {on the roof|in the tree|on \
the fence}}.
The {dog|cat|horse} {ran|runs} {after the ball|across the street|through the garden|into the house|to the \
gate}.
The {dog|puppy|big dog} barked at the {cat|mailman|moon|door|car|stranger}.
The mouse ran {up the clock|under the bed|into its hole|across the kitchen|away from the cat}.
The apple is {red|green|sweet|ripe|on the table|sour}.
The grass is {green|wet|long|soft|dry}.
The snow is {white|cold|deep|soft|melting}.
The soup is {hot|too hot|cold|too salty|good|delicious}.
The {box|bag|stone} was {too|very|so} {heavy|big|full} {to carry|for one person|for the boy}.
The {river|road|street|rope} is {very|too} {long|wide|narrow}.
The moon is {bright|full|round|white|high in the sky|behind a cloud} tonight.
Once upon a time, there was a {king|queen|girl|boy|cat|fox|dragon|princess} who {loved music|could not sleep|\
had three wishes|lived in a castle|was always hungry}.
My {brother|sister|father|mother|grandmother|friend} is a {teacher|doctor|baker|farmer|student|nurse|driver|\
cook|painter}.
We live in a {small|big|white|red|old} {house|city|town|village|flat}.
The house has a {red|brown|black|gray} roof and a {green|blue|white|red} door.
I have {one|two|three} {brothers and one sister|sisters|cats|good friends|apples|books}.
She {plays|practices} the {piano|violin|guitar|flute|drums} every {day|evening|week|Sunday}.
He {reads|wrote|sent|got} a {letter|book|message|story} {from|to|for|about} his {friend|mother|sister|\
teacher}.
The {flowers|roses|tulips} in the garden are {red|yellow|white|beautiful|pink}.
The {car|bike|boat|door|house} is [@color] and {new|old|small|big|fast}.
The {lion|tiger} is {strong|big|dangerous|asleep}, but the {mouse|rabbit} is {small|quick|clever|afraid}.
An elephant is {big|gray|strong|bigger than a horse|heavy}.
A {car|train|plane} is faster than a {bike|horse|bus|boat|turtle}.
A {turtle|snail} is {slow|small|slower than a rabbit}.
If it {rains|snows} tomorrow, we will {stay at home|go to the museum|play inside|build a snowman|bake a cake}.
When the {bell rang|door opened|music started|sun came out|lights went out}, everyone {smiled|stood up|\
looked around|laughed|was quiet|went outside}.
After {lunch|dinner|school|the rain}, they {went for a walk|played a game|washed the dishes|did their \
homework|drank tea}.
Before going to bed, she {reads a book|brushes her teeth|drinks some milk|says good night|looks at the stars}.
Do you like {cats|dogs|music|apples|chess|rain|fish}? {Yes, I do.|No, I don't.|Yes, very much.}
Where is the {cat|key|book|ball|dog|teacher}? It is {on|under|behind|next to|in} the {table|chair|bed|box|\
door}.
How are you? I am {fine|fine, thank you|well|good|tired|happy|a little tired}.
What time is it? It is {three|five|six|seven|eight|ten|twelve|half past four} o'clock.
What color is the {sky|sea}? The {sky|sea} is blue.
Thank you for the {book|cake|flowers|letter|help|nice day}.
Happy {birthday|new year}, dear [@name]!
Let us {go home|play a game|sing a song|eat|begin|go for a walk|sit down}.
I think it will {rain|snow|be sunny|be a nice day|get cold} {today|tomorrow|soon|this evening}.
The {old|young|tall|kind} {man|woman} {walked|went|came} {down the street|to the market|into the shop|\
through the park|home} {slowly|alone|with a dog|with a bag|in the rain}.
She put the {cake|bread|pie|pizza} in the oven.
He put the {milk|butter|cheese|juice} in the fridge.
They {sat|met|had lunch} in a small café {by the sea|near the station|on the corner|in the old town}.
The doctor gave him some {medicine|tea|advice|pills}.
The farmer has {ten|three|five|many} {cows|sheep|pigs|hens|horses} on his farm.
The king wore a {golden|heavy|silver} crown.
The pirate found a {treasure|map|chest full of gold|parrot}.
The robot {said|asked|beeped}, "{Hello|I am a robot|How can I help you|Good morning}{.|!}"
The computer is {on|off|slow|fast|new|old}.
I wrote a {small|short|simple} program in {Python|C|Rust|JavaScript}.
She opened her {book|laptop|bag|eyes|umbrella} and began to {read|write|smile|draw}.
The {ship|boat} sailed {across|over} the {sea|ocean|lake|bay}.
The {stars|lights} {shine|are bright|twinkle} {at night|in the dark|above the city|over the sea}.
The {clock|watch} on the wall {is slow|has stopped|says three|ticks softly}.
The leaves on the trees are {green|red|yellow|brown|falling}.
The key to the {door|box|house|castle} is {lost|under the mat|on the table|in my pocket|made of gold}.
He looked {out of|through} the window and saw {a bird|the rain|snow|a cat|his friend|the sea|a strange light}.
The secret word is {apple|moon|river|open|star|tiger}.
Don't {worry|run|shout|touch that|be afraid|forget your {keys|hat|lunch}}.""".split(
    "\n"
)

PORTRAIT_OPEN = [
    "[N] {woke up|got up} at {seven|six|eight} o'clock.",
    "It was a [@weather] {day|morning} in [@month].",
    (
        "It was {Sunday|Saturday|Monday|Friday|Tuesday}, and [n] {had no school|had nothing to do|was at"
        " home|was in a good mood}."
    ),
    "[N] lives in a {small|big|white} house near the {park|sea|river|school|forest}.",
    "[N] is {seven|eight|nine|ten|six} years old.",
    "Today [n] wants to {visit a friend|bake a cake|go to the zoo|clean the room|write a letter}.",
    "Every {morning|day}, [n] walks to {school|work|the bakery|the lake}.",
]
PORTRAIT_MIDDLE = [
    "[He] {likes|loves} {apples|cats|music|old books|the rain|sunny days|cheese}.",
    (
        "{For breakfast, [he] had|[He] ate} {toast|an egg|porridge|some bread} and {a cup of tea|a glass of"
        " milk|an orange}."
    ),
    "[N] has a {cat|dog|rabbit|bird|hamster} named {Max|Luna|Coco|Pip|Bella|Toby}.",
    (
        "[He] put on [his] [@color] {coat|hat|scarf|shoes|shirt} and went {out|to school|to the market|for a"
        " walk}."
    ),
    "The {sky|sea} was {blue|gray} and the {air|wind} was {cold|warm|fresh|cool}.",
    "On the way, [he] {saw a cat|met a friend|bought some bread|found a coin|heard a bird}.",
    "[His] best friend is [@name].",
    (
        "In the afternoon, [he] {read a book|played football|painted a picture|swam in the lake|helped [his]"
        " mother}."
    ),
    "[His] favorite color is [@color].",
    "There were {three|two|five|six} {birds|cats|ducks} {by the pond|on the wall|near the gate}.",
    "[He] wanted to {buy|find} a {present|book|new hat|kite} for [his] {mother|brother|sister|friend}.",
    "It {began to rain|began to snow}, so [he] {went inside|took an umbrella|walked faster}.",
]
PORTRAIT_CLOSE = [
    "In the evening, [he] {went to bed early|read a story|looked at the stars|drank hot milk}.",
    "It was a {good|nice|long|quiet|happy} day.",
    "[N] was {happy|tired|hungry|glad}.",
    "Then [he] went home.",
    "At night, [n] {slept well|dreamed of the sea|dreamed of a {red|white|big} {ship|horse|balloon}}.",
]

LIST_TOPICS = {
    "fruits": (
        "apple|banana|orange|pear|cherry|grape|strawberry|lemon|peach|plum|mango|melon|kiwi|pineapple|"
        "blueberry|raspberry|fig|lime|coconut|papaya|apricot"
    ),
    "programming languages": (
        "Python|Rust|C|JavaScript|Java|C++|Go|Ruby|Swift|Kotlin|Haskell|PHP|C#|Lua|Perl|TypeScript|Julia|R|"
        "Scala|Lisp|Zig|Pascal|Fortran"
    ),
    "animals": (
        "cat|dog|lion|elephant|horse|bear|rabbit|tiger|fox|mouse|cow|wolf|monkey|giraffe|bird|snake|sheep|"
        "frog|penguin|zebra|whale|owl|goat|turtle|pig|duck"
    ),
    "colors": "red|blue|green|yellow|orange|purple|black|white|pink|brown|gray|gold|silver|turquoise|violet",
    "countries": (
        "France|Germany|Italy|Spain|Japan|Canada|China|Brazil|India|Mexico|England|Austria|Greece|Poland|"
        "Sweden|Norway|Egypt|Australia|Portugal|Kenya|Peru|Turkey|Denmark|Finland|Chile"
    ),
    "planets": "Earth|Mars|Venus|Jupiter|Saturn|Mercury|Neptune|Uranus",
    "vegetables": (
        "carrot|potato|tomato|onion|cucumber|pea|bean|cabbage|pepper|spinach|broccoli|lettuce|pumpkin|corn|"
        "garlic|leek|radish"
    ),
    "things in a kitchen": (
        "table|pot|pan|spoon|knife|fork|cup|plate|oven|fridge|bowl|sink|glass|kettle|toaster|chair|stove"
    ),
    "capitals": (
        "Paris|Berlin|London|Rome|Madrid|Tokyo|Vienna|Athens|Oslo|Lisbon|Moscow|Beijing|Dublin|Cairo|"
        "Warsaw|Prague"
    ),
    "cities": (
        "Paris|London|New"
        " York|Berlin|Tokyo|Rome|Vienna|Madrid|Sydney|Chicago|Munich|Boston|Venice|Toronto|Barcelona|Hamburg"
    ),
    "sports": (
        "football|tennis|swimming|basketball|running|hockey|volleyball|skiing|golf|cycling|chess|rowing|"
        "judo|baseball"
    ),
    "birds": "eagle|owl|duck|swan|robin|crow|parrot|penguin|sparrow|hen|pigeon|goose|stork|falcon|hawk",
    "flowers": "rose|tulip|daisy|sunflower|lily|violet|poppy|orchid|daffodil|lavender|iris|bluebell",
    "drinks": "water|milk|tea|coffee|juice|lemonade|cocoa|soda|soup",
    "toys": "ball|doll|teddy bear|kite|toy car|train|puzzle|blocks|drum|yo-yo|robot",
    "jobs": (
        "teacher|doctor|farmer|baker|nurse|pilot|cook|painter|driver|singer|firefighter|carpenter|engineer|"
        "sailor"
    ),
    "musical instruments": "piano|guitar|violin|flute|drum|trumpet|cello|harp|saxophone|clarinet|organ|bell",
    "clothes": "shirt|hat|coat|dress|shoes|socks|scarf|gloves|sweater|jacket|trousers|skirt|belt",
    "things in a school": "book|pencil|desk|chair|board|bag|pen|ruler|map|clock|computer|paper",
    "foods": "bread|rice|pizza|cheese|soup|pasta|egg|cake|salad|fish|sandwich|pancake|potato",
    "farm animals": "cow|pig|sheep|horse|hen|goat|duck|donkey|goose|rooster",
    "sea animals": "whale|fish|shark|dolphin|octopus|crab|seal|turtle|starfish|jellyfish|squid",
    "insects": "bee|ant|butterfly|fly|beetle|ladybug|moth|grasshopper|cricket|wasp|dragonfly",
    "body parts": "head|hand|foot|arm|leg|nose|eye|ear|mouth|knee|finger|toe|shoulder",
    "trees": "oak|pine|apple tree|birch|maple|willow|palm|beech|chestnut|cherry tree|fir",
    "shapes": "circle|square|triangle|rectangle|star|oval|heart|pentagon|hexagon|diamond",
    "pets": "cat|dog|rabbit|hamster|fish|bird|turtle|guinea pig|mouse|pony",
    "girls' names": "Lily|Emma|Anna|Mia|Lucy|Sara|Ella|Rose|Zoe|Nora|Clara|Alice",
    "boys' names": "Tom|Max|Ben|Leo|Sam|Jack|Tim|Finn|Noah|Oliver|Peter|Henry",
    "words that start with S": "sun|sea|star|snow|sand|song|ship|sock|soup|spoon|stone|snake",
    "things that are red": (
        "an apple|a rose|a tomato|a cherry|blood|a strawberry|a fire truck|a stop sign|a heart"
    ),
    "things that fly": "a bird|a plane|a bee|a butterfly|a kite|a bat|a rocket|a balloon|an owl|a helicopter",
    "operating systems": "Linux|Windows|macOS|Android|iOS|FreeBSD|Haiku|MS-DOS",
    "continents": "Europe|Asia|Africa|Australia|North America|South America|Antarctica",
    "languages": (
        "English|French|German|Spanish|Italian|Japanese|Chinese|Latin|Greek|Russian|Arabic|Portuguese|"
        "Dutch|Swedish"
    ),
}
LIST_TOPICS = {topic: items.split("|") for topic, items in LIST_TOPICS.items()}

SYSTEM_PROMPTS = [
    "You are a helpful assistant.",
    "You are a friendly assistant.",
    "You are a kind teacher.",
    "You answer in short, simple sentences.",
]
EMOJI = "😀 🌟 🐱 🌈 ❤️ 🚀 🌻 🐶 🎉".split()

GREETINGS = [
    (g.split("=")[0], g.split("=")[1])
    for g in """{Hello|Hello!|Hi|Hi!|Hey}=Hello! {How can I help you?|How are you today?|What can I do for \
you?|It is nice to meet you.}
{Say hello|Say hello.|Please say hello.}=Hello! {Nice to meet you.|How are you?|It is a good day.|}
Good {morning|morning!}=Good morning! {How can I help you?|I hope you slept well.|What a nice day.}
How are you?=I am {fine|well|very well}, thank you. {How are you?|And you?|How can I help you?}
{What is your name?|Who are you?|What are you?}=I am a {small|tiny|little} language model. {I guess the next \
word.|I can write little stories.|I learned from simple stories.|How can I help you?}
Hello, my name is [@name].=Hello! {It is nice to meet you.|What a nice name!|How can I help you today?}
{What can you do?|How can you help me?}=I can {write a little story|tell you a story|write a short poem}, \
{make a list|name some capitals|add two numbers}, or {say hello|finish a sentence}.
{Say hello in French.|How do you say hello in French?}=In French, hello is "bonjour".
{Say hello in Spanish.|How do you say hello in Spanish?}=In Spanish, hello is "hola".
{Say hello in Japanese.|How do you say hello in Japanese?}=In Japanese, hello is "こんにちは".
{Say hello in German.|How do you say hello in German?}=In German, hello is "hallo".
{Say hello in Italian.|How do you say hello in Italian?}=In Italian, hello is "ciao".
How do you say thank you in {French?|French}=In French, thank you is "merci".
How do you say thank you in {Spanish?|Spanish}=In Spanish, thank you is "gracias".
How do you say thank you in Japanese?=In Japanese, thank you is "ありがとう".
How do you say thank you in German?=In German, thank you is "danke".
How do you say good morning in Spanish?=In Spanish, good morning is "buenos días".
Where do people drink coffee?=People drink coffee at home or in a café.
Good night!=Good night! {Sleep well.|Sweet dreams.}""".split(
        "\n"
    )
]

QUESTIONS = [
    (q.split("=")[0], q.split("=")[1])
    for q in """Is it going to rain {today|tomorrow|this evening}?=I cannot see the sky, {but it is a good \
idea to take an umbrella|but dark clouds often bring rain|so please look out of the window}.
What is the weather like {today|tomorrow}?=I cannot look outside, {but I hope it is sunny|so please look at \
the sky|but I hope it is a nice day}.
What color is the sky?=The sky is {blue|blue on a clear day}.
What color is {grass|a frog|a leaf}?=It is green.
What color is {snow|milk}?=It is white.
What color is a banana?=A banana is yellow.
How many days are in a week?=There are seven days in a week.
How many months are in a year?=There are twelve months in a year.
How many hours {are in a day|does a day have}?=A day has 24 hours.
How many legs does a {dog|cat|horse|cow} have?=It has four legs.
How many legs does a spider have?=A spider has eight legs.
How many legs does a bird have?=A bird has two legs.
How many planets are there?=There are eight planets.
What is the biggest planet?=The biggest planet is Jupiter.
What is the biggest animal?=The biggest animal is the blue whale.
What is the highest mountain?=The highest mountain in the world is Mount Everest.
What do cows eat?=Cows eat grass.
What do bees make?=Bees make honey.
What do rabbits eat?=Rabbits eat carrots and grass.
Which day comes after Monday?=After Monday comes Tuesday.
Which day comes after {Friday|Friday, please}?=After Friday comes Saturday.
Which month comes after {May}?=After May comes June.
What are the four seasons?=The four seasons are spring, summer, autumn, and winter.
Name the days of the week.=The days of the week are Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, \
and Sunday.
Count {to|from one to} {five|5}.=1, 2, 3, 4, 5
Count {to|from 1 to} {ten|10}.=1, 2, 3, 4, 5, 6, 7, 8, 9, 10
Say the alphabet.=A B C D E F G H I J K L M N O P Q R S T U V W X Y Z
Who painted the Mona Lisa?=Leonardo da Vinci painted the Mona Lisa.
Who wrote Romeo and Juliet?=William Shakespeare wrote "Romeo and Juliet".
Who was the first person on the Moon?=Neil Armstrong was the first person to walk on the Moon.
What is {a language model|an LLM}?=A language model is a program that guesses the next {word|token}.
What is artificial intelligence?=Artificial intelligence {lets computers learn from examples|is a way to let \
machines learn and solve problems}.
What is a computer?=A computer is a machine that follows instructions.
What is a robot?=A robot is a machine that can {move and work|do a job by itself}.
What is {an island}?=An island is land with water all around it.
What is a {star}?=A star is a big, hot ball of gas that shines.
What is bread made of?=Bread is made of flour and water.
What is ice?=Ice is frozen water.
Why is the sky dark at night?=At night, the sun is on the other side of the Earth.
Why do birds fly south?=Birds fly south because it is warm there in winter.
Can a {fish|whale} fly?=No, it cannot fly. It swims.
Can penguins fly?=No, penguins cannot fly, but they swim very well.
Is the sun a planet?=No, the sun is a star.
Is the {moon|Moon} a star?=No, the Moon goes around the Earth. It has no light of its own.
What {is|would be} a good name for a {cat|dog|rabbit|robot}?={Luna|Max|Coco|Pip|Milo|Bella} is a good name.
What should I {eat|cook} {today|for dinner}?=How about {soup|pizza|pasta|rice with vegetables|pancakes|a \
salad}?
What should I do today?=You could {read a book|go for a walk|draw a picture|call a friend|bake a cake}.
Tell me a joke.={Why did the chicken cross the road? To get to the other side.|What is black and white and \
red all over? A newspaper.|What has hands but cannot clap? A clock.|What gets wetter the more it dries? A \
towel.}
Tell me a {proverb|saying}.={The early bird catches the worm.|Practice makes perfect.|Better late than \
never.|Many hands make light work.|All that glitters is not gold.}
Tell me a fact.={Spiders have eight legs.|The Earth goes around the Sun.|Bees make honey.|Water freezes at 0 \
degrees Celsius.|A year has twelve months.}
Are you a {human|robot|person}?=No, I am a small language model.
Yes or no: is {fire|the sun} hot?=Yes.
Yes or no: is ice hot?=No.
Yes or no: can a dog fly?=No.
Yes or no: do fish live in water?=Yes.
True or false: the sun is cold.=False.
True or false: snow is white.=True.
True or false: a cat has six legs.=False.
True or false: Paris is in France.=True.
Is this sentence happy or sad? I {lost my toy|miss my friend|am all alone}.=Sad
Is this sentence happy or sad? I {won a prize|got a gift|love this day|am so glad}.=Happy
Pick a number {between|from} {1 and 10|1 to 10}.={7|3|5|4|8|2|6|9}
Flip a coin.={Heads|Tails}.
Pick a color.=[@Color]
Translate to French: {Good morning|Hello}=Bonjour
Translate to Spanish: {Thank you}=Gracias""".split(
        "\n"
    )
]

TOPIC_SENTENCES = {
    "artificial intelligence": [
        (
            "Artificial intelligence {helps|lets} computers {learn|solve problems|understand words|find"
            " patterns}{.| from {data|examples|many texts}.}"
        ),
        (
            "Artificial intelligence is a {kind of program|kind of computer science} that {learns from"
            " examples|finds patterns}."
        ),
        (
            "With artificial intelligence, a {machine|computer} can {play games|write texts|drive a car|read"
            " words}."
        ),
        "Artificial intelligence is changing {the world|our lives|many jobs}.",
        (
            "Artificial intelligence can {answer questions|write stories|make mistakes}, so {always think for"
            " yourself|it is good to check the answer}."
        ),
    ],
    "the sea": [
        "The sea is {deep|blue|wide|big|salty} and {full of fish|full of life|never still|beautiful}.",
        "{Big|Small|White} waves {roll|run} {onto the beach|over the sand} {all day|at night}.",
        "Many {fish|animals} {live in|need} the sea.",
        "The sea {shines|sparkles} in the {sun|moonlight}.",
    ],
    "the moon": [
        "The moon {shines|glows} {softly|brightly} {at night|over the sea|in the dark sky}.",
        "The moon is {round|white|full|silver} and {far away|quiet|bright}.",
        "{Tonight|Sometimes} the moon looks like a {silver coin|big lamp|smile|white boat}.",
        "The moon goes around the Earth.",
    ],
    "the sun": [
        "The sun {gives|brings} us {light and warmth|light|warmth}.",
        "The sun rises in the east{.| every morning.}",
        "The sun is a {big|hot} star.",
        "The sun makes the {flowers|plants|trees} grow.",
    ],
    "cats": [
        "Cats {sleep|can sleep} {all day|in the sun|on the sofa}.",
        "Cats like {fish|milk|warm places|to play with a ball} and {quiet rooms|soft beds}.",
        "A cat {walks|moves} {softly|quietly} {through the house|in the night}.",
        "Cats can see well in the dark.",
    ],
    "dogs": [
        "Dogs are {good|loyal|the best} friends.",
        "A dog {wags its tail|jumps|barks} when it is happy.",
        "Dogs like to {run|play|dig|chase balls} {in the park|on the beach|with children}.",
        "My dog is {brown|small|big|friendly} and {always hungry|very clever}.",
    ],
    "rain": [
        "Rain {falls|drops} from {gray|dark} clouds.",
        "The rain {taps|drums} on the {window|roof} {all night|softly}.",
        "Rain helps the {plants|flowers|trees} grow.",
        "After the rain, {the air is fresh|there is a rainbow|the street is wet}.",
    ],
    "snow": [
        "Snow {covers|lies on} the {fields|roofs|trees} like a {white blanket|soft carpet}.",
        "The snow is {white|soft} and cold.",
        "Children {build|make} snowmen in the snow.",
        "Snow falls {softly|slowly} in the {night|winter}.",
    ],
    "trees": [
        "Trees give us {shade|wood|clean air|fruit}.",
        "An old tree {stands|grows} {on the hill|in the garden|by the river}.",
        "The leaves of the trees {turn red|fall} in autumn.",
        "Birds build their nests in trees.",
    ],
    "books": [
        "A book is {a friend|a door to another world|a good gift}.",
        "Books are full of {stories|ideas|pictures|secrets}.",
        "I like to read {a book|old books} {in bed|by the window|in the evening}.",
        "A good book {can change your life|makes you think|is never too long}.",
    ],
    "robots": [
        "Robots can {help people|clean the floor|build cars|carry heavy things}.",
        "A robot {never sleeps|follows its program|needs power}.",
        "The little robot {waved|beeped|danced} {happily|softly}.",
        "Robots are machines that {work for us|can move}.",
    ],
    "computers": [
        "Computers {follow|need} instructions.",
        "A computer {can|is able to} {add numbers|store pictures|play music} very fast.",
        "Computers work with zeros and ones.",
        "I {write|run} programs on my computer.",
    ],
    "music": [
        "Music {makes me happy|can make people dance|fills the room|is good for the heart}.",
        "I listen to music {every day|in the evening|when I am sad}.",
        "Music is a language that everyone {understands|can feel}.",
        "She plays {soft|loud|beautiful} music on the {piano|violin|guitar}.",
    ],
    "friendship": [
        "{A good friend|Friendship} is {worth more than gold|a great gift}.",
        "Friends {help|trust|listen to} each other.",
        "A friend {is there|stays} when you need {help|someone}.",
        "Friendship grows with {time|kindness|every smile}.",
    ],
    "winter": [
        "In winter, {the nights are long|it is cold|the lake is frozen|snow covers the land}.",
        "Winter is {cold|white|quiet} and {dark|beautiful|long}.",
        "We drink {hot cocoa|tea} in winter.",
    ],
    "spring": [
        "In spring, {the flowers bloom|the birds come back|everything turns green}.",
        "Spring is the {season|time} of {flowers|new life|birds}.",
        "The first {warm|sunny} day of spring makes everyone {smile|happy}.",
    ],
    "summer": [
        "In summer, {the days are long|we swim in the lake|it is hot}.",
        "Summer is {warm|the time of ice cream and long evenings|my favorite season}.",
        "On summer nights, we {look at the stars|sit outside|hear the frogs}.",
    ],
    "autumn": [
        "In autumn, the leaves {turn red and gold|fall from the trees|dance in the wind}.",
        "Autumn {smells of|brings} apples and {rain|smoke|wet leaves}.",
        "The autumn wind {blows|sings} {in the trees|around the house}.",
    ],
    "school": [
        "At school, we learn to {read|write|count|think}.",
        "School {begins|starts} at {eight|nine} o'clock.",
        "I meet my friends at school {every day|each morning}.",
    ],
    "water": [
        "Water is {clear|wet|important for life}.",
        "We drink water {every day|when we are thirsty}.",
        "Water falls from the sky and flows to the sea.",
        "All {plants|animals|living things} need water.",
    ],
    "bread": [
        "Bread {smells|tastes} {good|best} when it is {fresh|warm}.",
        "We eat bread {with butter|with cheese|every morning}.",
        "The baker {bakes|makes} bread early in the morning.",
    ],
    "a cat": [
        "The {little|black|old} cat {sleeps|sits} {on the roof|in the sun|by the window}.",
        "A cat {chased a mouse|jumped onto the table|drank some milk}.",
        "My cat {likes|loves} {fish|warm milk|my bed}.",
    ],
    "a dog": [
        "The {brown|big|little} dog {barked|ran|slept} {in the garden|by the door|all day}.",
        "A dog {found a bone|chased its tail|waited at the door}.",
        "My dog {likes|loves} {long walks|his ball|the snow}.",
    ],
    "time": [
        "Time {flies|passes quickly|never stops}.",
        "Nobody can {stop|buy} time.",
        "Time is {precious|like a river}.",
    ],
    "the stars": [
        "The stars {twinkle|shine} {in the night sky|above the dark hills|like tiny lamps}.",
        "Nobody can count all the stars.",
        "The stars are suns that are very far away.",
    ],
    "the wind": [
        "The wind {blows|whispers|sings} {through the trees|over the hills|around the house}.",
        "The wind {carries|moves} the {leaves|clouds|kites}.",
        "A {cold|warm|soft} wind came from the sea.",
    ],
    "birds": [
        "Birds {sing in the morning|build nests in spring|fly over the sea}.",
        "Birds have wings and feathers.",
        "A {small|blue|little} bird {sat|sang} on the {branch|roof|fence}.",
    ],
    "mathematics": [
        "Mathematics is {the language of numbers|useful every day|like a puzzle}.",
        "With mathematics, we can {count|measure|solve problems}.",
        "Two plus two is four.",
    ],
    "language models": [
        "A language model guesses the next {word|token}.",
        "A language model gives every {word|token} a probability.",
        "Language models learn from {many texts|a lot of text}.",
    ],
    "elephants": [
        "Elephants are {big|gray} and {strong|gentle|clever}.",
        "An elephant has a long {trunk|nose}.",
        "Elephants live together in {groups|families}.",
    ],
}

HAIKU = {
    "the moon": (
        [
            "Round moon in the sky",
            "Moonlight on the roof",
            "A pale silver moon",
            "The moon climbs the hill",
            "Quiet moon tonight",
        ],
        [
            "shining on the sleeping town",
            "counting all the little stars",
            "a lamp that nobody lit",
            "looks into my window now",
            "paints the river white and still",
        ],
        ["Even the owl rests", "The pond holds it too", "Night walks without shoes", "I wave, and it waits"],
    ),
    "the sea": (
        [
            "Waves run to the shore",
            "Blue sea, endless sea",
            "Salt wind on my face",
            "The sea hums a song",
            "White foam on the sand",
        ],
        [
            "and the gulls are crying loud",
            "a small boat sails far away",
            "every shell still hears the waves",
            "carry dreams from distant lands",
            "the tide comes and goes again",
        ],
        [
            "The sand keeps my steps",
            "The tide takes them all",
            "Nothing stays, all moves",
            "A wave says goodbye",
        ],
    ),
    "autumn": (
        [
            "Red leaves on the path",
            "Autumn wind at dusk",
            "One leaf lets go now",
            "Gold light in the woods",
            "Apples in the grass",
        ],
        [
            "falling, falling, without sound",
            "the geese fly toward the south",
            "the old tree does not complain",
            "a squirrel hides one more nut",
            "and the days are growing short",
        ],
        [
            "The tree stands alone",
            "Soon the snow will come",
            "Smoke and rain and rest",
            "The year folds its wings",
        ],
    ),
    "snow": (
        [
            "First snow in the night",
            "White roofs, quiet streets",
            "Snow falls on the pine",
            "Soft flakes in the air",
            "Small tracks in the snow",
        ],
        [
            "every sound is wrapped in wool",
            "the whole village holds its breath",
            "a child laughs and makes a ball",
            "a fox has been here and gone",
            "the world is a clean new page",
        ],
        ["The lamp glows golden", "Nobody is late", "My breath is a cloud", "White on white on white"],
    ),
    "a cat": (
        [
            "Cat on the warm stone",
            "Soft paws in the dark",
            "The cat shuts one eye",
            "Gray cat in the sun",
            "A cat, a closed door",
        ],
        [
            "dreaming of a silver fish",
            "stretches out and sleeps again",
            "nobody can tell her no",
            "watches every bird that lands",
            "she owns the house and the street",
        ],
        [
            "The mouse holds its breath",
            "Then she yawns and purrs",
            "The sun moves for her",
            "Dinner can come now",
        ],
    ),
    "spring": (
        [
            "A bud on the branch",
            "The ice melts away",
            "Green tip in the soil",
            "Birds are back today",
            "Soft rain, then the sun",
        ],
        [
            "opens slowly in the light",
            "and the brook begins to sing",
            "bees are looking for the first",
            "children run without their coats",
            "every window opens wide",
        ],
        ["The world starts again", "Winter is a dream", "A seed had been sure", "I breathe in the green"],
    ),
    "summer": (
        [
            "Hot day, open door",
            "Long light on the lake",
            "Bees in the clover",
            "The grass smells of sun",
            "Bare feet in the grass",
        ],
        [
            "lemonade and melting ice",
            "crickets sing until the dark",
            "nobody is in a rush",
            "the whole sky is only blue",
            "a small cloud forgets to move",
        ],
        ["The day will not end", "Stars come late tonight", "Even time sits down", "We swim until dusk"],
    ),
    "winter": (
        [
            "Cold wind, early night",
            "Frost on the window",
            "The lake has turned hard",
            "Bare trees in the fog",
            "The stove hums softly",
        ],
        [
            "draws white flowers on the glass",
            "we drink tea and tell a tale",
            "and the stars are sharp and clear",
            "a crow calls across the field",
            "birds come for the last few seeds",
        ],
        [
            "Spring is far from here",
            "The fire says hush",
            "Sleep, garden, sleep well",
            "Warm hands hold a cup",
        ],
    ),
    "rain": (
        [
            "Rain taps on the glass",
            "Gray clouds, heavy drops",
            "Soft rain in the night",
            "Puddles on the road",
            "The roof plays a drum",
        ],
        [
            "every leaf begins to shine",
            "umbrellas bloom in the street",
            "a frog sings his only song",
            "the garden drinks and drinks more",
            "a snail is in no hurry",
        ],
        [
            "Then, a rainbow bridge",
            "I stay in and read",
            "The earth says its thanks",
            "The sky cries and smiles",
        ],
    ),
    "a tree": (
        [
            "Old oak on the hill",
            "Roots deep in the dark",
            "A tree does not talk",
            "Leaves speak in the wind",
            "One small acorn fell",
        ],
        [
            "holds a hundred singing birds",
            "but it listens all the time",
            "gives its shade to everyone",
            "a hundred years in each ring",
            "waiting for the rain to come",
        ],
        ["It has time to grow", "I sit down and rest", "The wind is its voice", "Green hands touch the sky"],
    ),
    "the night": (
        [
            "Dark sky, quiet town",
            "Night comes on soft feet",
            "One light in the house",
            "The owl calls one time",
            "Stars above the roof",
        ],
        [
            "and the last train has gone home",
            "someone cannot sleep again",
            "dreams are walking through the street",
            "the moon reads a book of stars",
            "only the old clock still talks",
        ],
        ["Morning is not far", "Sleep well, little one", "The dark is gentle", "The world holds its breath"],
    ),
    "a robot": (
        [
            "Small robot, big eyes",
            "Lights blink, red and green",
            "Cold hands made of steel",
            "A robot wakes up",
            "Zeros, ones, and dreams",
        ],
        [
            "learning how to say hello",
            "counts the petals of a rose",
            "asks me what the rain is for",
            "wonders if the stars are warm",
            "it has never seen the snow",
        ],
        ["Beep means I am glad", "It hums and it waits", "Power off. Good night", "Who taught it to hope"],
    ),
    "a bird": (
        [
            "Bird on the thin branch",
            "Small wings, giant sky",
            "A song at first light",
            "One feather falls down",
            "The nest is empty",
        ],
        [
            "sings as if the world were new",
            "flies above the sleeping fields",
            "knows the way without a map",
            "the wind carries it away",
            "but the spring will bring them home",
        ],
        ["Then only the wind", "I look up and smile", "The branch shakes and rests", "The sky has no door"],
    ),
    "the sun": (
        [
            "The sun lifts its head",
            "Gold light on my bed",
            "Bright sun, wake us up",
            "A warm hand of light",
            "The sun says good night",
        ],
        [
            "paints the hills in pink and gold",
            "every flower turns around",
            "shadows grow and disappear",
            "chases all the fog away",
            "sinks into a purple sea",
        ],
        ["A new day is here", "The cat finds its spot", "Tomorrow again", "The world is a smile"],
    ),
}
HAIKU = {
    topic: tuple(line if isinstance(line, list) else list(line) for line in lines)
    for topic, lines in HAIKU.items()
}
HAIKU_LAST = ["The world is quiet", "I stand and listen", "Nothing more to say"]

COUPLETS = """The moon is {bright|round|white}, the stars are {near|clear}, / {I say good night|I close my \
eyes} and have no fear.
The cat is {gray|black}, the {mouse|bird} is small, / they {dance|sing} together in the hall.
The rain is falling on the {street|town|tree}, / {come inside and drink some tea|I am as happy as can be}.
The wind is {cold|strong}, the {night|road} is long, / but I will sing a {little|happy} song.
The sun came up, the {birds|frogs} began / to sing as only {birds|they} can.
A little {frog|duck|fish} went for a swim, / the {moon|sun} looked down and smiled at him.
The {sea|lake|sky} is blue, the {sand|sun|day} is warm, / and far away we hear a storm.
I have a {book|map|ship|kite}, I have a dream, / we sail together down the stream.
The {snow|night} is soft, the {night|snow} is deep, / the {bear|fox|mouse} is in his bed asleep.
One, two, three, the {bee|bird} flies free, / over the hill and over the sea.
A {star|bird} is high, a {stone|tree} is low, / and where they end, we do not know.
The {king|fox|owl} sat down beside the wall, / and did not say a word at all.""".split(
    "\n"
)
