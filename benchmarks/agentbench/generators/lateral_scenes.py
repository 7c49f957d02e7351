"""Scenes for generated puzzles: what is seen of them, and the facts that lie behind.

Texts are pairs, English and Chinese. ``{a}`` is who acts, as first told (a man), ``{who}`` the
same later (the man), ``{place}`` where, ``{v}`` a fact's value. A value is written
``english, synonym = chinese, synonym``; the values of a scene share no word.
"""

from __future__ import annotations

from typing import NamedTuple


class Pair(NamedTuple):
    en: str
    zh: str


class Fact(NamedTuple):
    """How one fact is stated, how it is asked for, and what its value may be."""

    key: Pair
    ask: Pair
    values: tuple[str, ...]


class Scene(NamedTuple):
    stories: tuple[Pair, ...]
    places: tuple[Pair, ...]
    facts: tuple[Fact, ...]


WHO = (
    (Pair("a man", "一个男人"), Pair("the man", "男人")),
    (Pair("a woman", "一个女人"), Pair("the woman", "女人")),
    (Pair("a stranger", "一个陌生人"), Pair("the stranger", "陌生人")),
    (Pair("an old lady", "一位老太太"), Pair("the old lady", "老太太")),
    (Pair("a traveller", "一名旅客"), Pair("the traveller", "旅客")),
    (Pair("a neighbour", "一位邻居"), Pair("the neighbour", "邻居")),
)

_DINNER = Scene(
    stories=(
        Pair(
            "Once a year {a} comes to {place}, orders a full dinner, touches none of it, pays "
            "and leaves with a smile. Why?",
            "{a}每年都会来到{place}，点一桌饭菜，一口不吃，付完钱微笑着离开。为什么？",
        ),
        Pair(
            "Every year on the same day {a} walks into {place}, has a dinner served, eats "
            "nothing, pays and goes away content. How come?",
            "每年的同一天，{a}都走进{place}，要一桌饭菜却一口不动，付钱后满意地走了。怎么回事？",
        ),
    ),
    places=(
        Pair("a harbour inn", "一家码头旅店"),
        Pair("a station buffet", "一家车站餐厅"),
        Pair("a mountain lodge", "一间山中客栈"),
        Pair("a village pub", "一家乡村酒馆"),
    ),
    facts=(
        Fact(
            Pair("The dinner is meant for {v}.", "饭菜是为{v}准备的。"),
            Pair("Is the dinner meant for {v}?", "饭菜是为{v}准备的吗？"),
            (
                "a drowned brother = 溺水的兄弟",
                "a captain, a skipper = 船长",
                "a missing daughter = 失踪的女儿",
                "a former teacher = 从前的老师",
                "a childhood friend = 童年的伙伴",
            ),
        ),
        Fact(
            Pair("They were parted by {v}.", "{v}让他们分离。"),
            Pair("Were they parted by {v}?", "是{v}让他们分离的吗？"),
            (
                "a shipwreck = 沉船, 海难",
                "an earthquake = 地震",
                "an avalanche = 雪崩",
                "a war = 战争",
                "a plague, an epidemic = 瘟疫",
            ),
        ),
        Fact(
            Pair("They had promised to celebrate {v} together.", "他们约好一起庆祝{v}。"),
            Pair("Had they promised to celebrate {v} together?", "他们约好一起庆祝{v}吗？"),
            (
                "a wedding, a marriage = 婚礼",
                "a birthday = 生日",
                "a harvest = 丰收",
                "a victory, a triumph = 胜利",
                "a graduation = 毕业",
            ),
        ),
        Fact(
            Pair("After closing time {v} eat the dinner.", "打烊后{v}吃掉饭菜。"),
            Pair("Do {v} eat the dinner after closing time?", "打烊后{v}吃掉饭菜吗？"),
            (
                "orphans = 孤儿",
                "beggars = 乞丐",
                "nurses = 护士",
                "stray dogs = 野狗",
                "watchmen = 守夜人",
            ),
        ),
        Fact(
            Pair("The money comes from {v}.", "钱来自{v}。"),
            Pair("Does the money come from {v}?", "钱来自{v}吗？"),
            (
                "an inheritance = 遗产",
                "a lottery = 彩票",
                "a pension = 养老金",
                "a scholarship = 奖学金",
                "smuggling = 走私",
            ),
        ),
    ),
)
_SOUND = Scene(
    stories=(
        Pair(
            "In {place} {a} hears a faint sound that nobody else minds, jumps up and shouts that "
            "all must leave. The next day flowers lie at the door. What was going on?",
            "{a}在{place}里听到一个没有人在意的微弱声音，跳起来大喊让大家离开。第二天门口放着鲜花。为什么？",
        ),
        Pair(
            "A faint sound in {place}: only {a} pays attention to it, and drives everybody out. "
            "The next day flowers lie at the door. Why?",
            "{place}里有一个微弱的声音，只有{a}注意到了，把所有人都赶了出去。第二天门口放着鲜花。为什么？",
        ),
    ),
    places=(
        Pair("a theatre", "一座剧院"),
        Pair("a library", "一座图书馆"),
        Pair("a market hall", "一个室内市场"),
        Pair("a ballroom", "一间舞厅"),
    ),
    facts=(
        Fact(
            Pair("Years ago {who} was {v}.", "多年前{who}当过{v}。"),
            Pair("Was {who} {v} years ago?", "多年前{who}当过{v}吗？"),
            (
                "a miner = 矿工",
                "a diver = 潜水员",
                "a firefighter, a fireman = 消防员",
                "a locksmith = 锁匠",
                "a beekeeper = 养蜂人",
            ),
        ),
        Fact(
            Pair("The sound was a sign of {v}.", "声音是{v}的征兆。"),
            Pair("Was the sound a sign of {v}?", "声音是{v}的征兆吗？"),
            (
                "a gas leak = 煤气泄漏",
                "a flood = 洪水",
                "a landslide = 滑坡",
                "wasps = 马蜂",
                "a broken beam = 横梁断裂",
            ),
        ),
        Fact(
            Pair("The others were distracted by {v}.", "{v}分散了别人的注意。"),
            Pair("Were the others distracted by {v}?", "是{v}分散了别人的注意吗？"),
            (
                "drums = 鼓声",
                "a quarrel = 争吵",
                "a magician = 魔术师",
                "fireworks = 烟花",
                "a parrot = 鹦鹉",
            ),
        ),
        Fact(
            Pair("The warning saved {v}.", "警告救了{v}。"),
            Pair("Did the warning save {v}?", "警告救了{v}吗？"),
            (
                "schoolchildren, pupils = 小学生",
                "a choir = 合唱团",
                "a bride = 新娘",
                "tourists = 旅行团",
                "chess players = 棋手",
            ),
        ),
        Fact(
            Pair("It was {v} who had explained the sound.", "讲解过声音的是{v}。"),
            Pair("Was it {v} who had explained the sound?", "讲解过声音的是{v}吗？"),
            (
                "a sailor = 水手",
                "a monk = 僧人",
                "a shepherd = 牧羊人",
                "a sergeant = 军官",
                "a pharmacist, a chemist = 药剂师",
            ),
        ),
    ),
)
_LETTER = Scene(
    stories=(
        Pair(
            "At {place} {a} gets a letter, reads it, burns it at once and is never seen in that "
            "town again. Why?",
            "{a}在{place}收到一封信，读完立刻烧掉，从此再也没有在那座小镇出现。为什么？",
        ),
        Pair(
            "A letter comes for {a} at {place}. It is read once and burnt, and its reader is "
            "gone from the town by morning. What was going on?",
            "{place}有一封给{a}的信。信读了一遍就被烧掉，天亮时收信人已经离开小镇。怎么回事？",
        ),
    ),
    places=(
        Pair("the post office", "邮局"),
        Pair("a barber's shop", "理发店"),
        Pair("a boarding house", "公寓"),
        Pair("the town hall", "镇公所"),
    ),
    facts=(
        Fact(
            Pair("The letter was written by {v}.", "信是{v}写的。"),
            Pair("Was the letter written by {v}?", "信是{v}写的吗？"),
            (
                "a blackmailer = 勒索者",
                "a lawyer, an attorney = 律师",
                "a twin sister = 双胞胎妹妹",
                "a convict, a prisoner = 囚犯",
                "a publisher = 出版商",
            ),
        ),
        Fact(
            Pair("In truth {who} is {v}.", "{who}的真实身份是{v}。"),
            Pair("Is {who} in truth {v}?", "{who}的真实身份是{v}吗？"),
            (
                "a prince = 王子",
                "a spy, a secret agent = 间谍",
                "a bank robber = 银行劫匪",
                "a forger = 造假者",
                "a traitor = 叛徒",
            ),
        ),
        Fact(
            Pair("In the envelope there was {v}.", "信封里有{v}。"),
            Pair("Was there {v} in the envelope?", "信封里有{v}吗？"),
            (
                "a death threat = 死亡威胁",
                "a treasure map = 藏宝图",
                "a confession = 认罪书",
                "a diagnosis = 诊断书",
                "a railway ticket, a train ticket = 火车票",
            ),
        ),
        Fact(
            Pair("The journey led to {v}.", "旅途通向{v}。"),
            Pair("Did the journey lead to {v}?", "旅途通向{v}吗？"),
            (
                "a monastery = 修道院",
                "an island = 海岛",
                "a desert = 沙漠",
                "a fishing village = 渔村",
                "a shipyard = 造船厂",
            ),
        ),
        Fact(
            Pair("The fire had to destroy {v}.", "烧信是为了毁掉{v}。"),
            Pair("Did the fire have to destroy {v}?", "烧信是为了毁掉{v}吗？"),
            (
                "a signature = 签名",
                "an address = 地址",
                "fingerprints = 指纹",
                "a photograph, a picture = 照片",
                "a lipstick mark = 口红印",
            ),
        ),
    ),
)
_CLOCK = Scene(
    stories=(
        Pair(
            "The big clock of {place} stops at noon. Below, {a} laughs aloud and gives a coin to "
            "each of the bystanders. Why?",
            "{place}的大钟在正午停了。钟下，{a}放声大笑，给每个围观的人发了一枚硬币。为什么？",
        ),
        Pair(
            "At noon the big clock of {place} stands still, and {a} hands out coins to the "
            "bystanders, laughing. How come?",
            "正午，{place}的大钟不走了，{a}一边大笑一边给围观的人发硬币。怎么回事？",
        ),
    ),
    places=(
        Pair("a market square", "集市广场"),
        Pair("a harbour", "港口"),
        Pair("a mountain town", "山城"),
        Pair("a cathedral", "大教堂"),
    ),
    facts=(
        Fact(
            Pair("The clock was halted by {v}.", "弄停大钟的是{v}。"),
            Pair("Was the clock halted by {v}?", "弄停大钟的是{v}吗？"),
            (
                "a pigeon = 鸽子",
                "rust = 铁锈",
                "lightning = 闪电",
                "an acrobat = 杂技演员",
                "a snake = 蟒蛇",
            ),
        ),
        Fact(
            Pair("The bet was made with {v}.", "打赌的对手是{v}。"),
            Pair("Was the bet made with {v}?", "打赌的对手是{v}吗？"),
            (
                "the mayor = 镇长",
                "a watchmaker = 钟表匠",
                "a baker = 面包师",
                "a bishop = 主教",
                "a cousin = 表弟",
            ),
        ),
        Fact(
            Pair("The stake was {v}.", "赌注是{v}。"),
            Pair("Was the stake {v}?", "赌注是{v}吗？"),
            (
                "a vineyard = 葡萄园",
                "a white horse = 白马",
                "a windmill = 风车",
                "a violin, a fiddle = 小提琴",
                "a beard = 胡子",
            ),
        ),
        Fact(
            Pair("Because of the delay {v} was cancelled.", "时间耽误后{v}取消了。"),
            Pair("Was {v} cancelled because of the delay?", "时间耽误后{v}取消了吗？"),
            (
                "an execution = 死刑",
                "a duel = 决斗",
                "an auction = 拍卖",
                "a wedding, a marriage = 婚礼",
                "an exam, an examination = 考试",
            ),
        ),
        Fact(
            Pair("It had been prepared with {v}.", "事先做准备用了{v}。"),
            Pair("Had it been prepared with {v}?", "事先做准备用了{v}吗？"),
            (
                "honey = 蜂蜜",
                "a magnet = 磁铁",
                "gunpowder = 火药",
                "a fishing rod = 鱼竿",
                "candle wax = 蜡油",
            ),
        ),
    ),
)
_CAMERA = Scene(
    stories=(
        Pair(
            "At {place} {a} buys an old camera, has its film developed and calls the police that "
            "very evening. Why?",
            "{a}在{place}买了一台旧相机，把里面的胶卷冲洗出来，当晚就报了警。为什么？",
        ),
        Pair(
            "An old camera from {place}: {a} has the film in it developed, and by evening the "
            "police are at the door. What was going on?",
            "一台从{place}买来的旧相机：{a}把胶卷冲洗出来，晚上警察就上了门。怎么回事？",
        ),
    ),
    places=(
        Pair("a flea market", "跳蚤市场"),
        Pair("a pawnshop", "当铺"),
        Pair("a bazaar", "旧货街"),
        Pair("a yard sale", "旧物摊"),
    ),
    facts=(
        Fact(
            Pair("The film shows {v}.", "胶卷拍到了{v}。"),
            Pair("Does the film show {v}?", "胶卷拍到了{v}吗？"),
            (
                "a stolen painting = 被盗的名画",
                "a buried chest = 埋着的箱子",
                "a masked burglar = 蒙面盗贼",
                "a bloody knife = 带血的刀",
                "a forged passport = 伪造的护照",
            ),
        ),
        Fact(
            Pair("It was filmed in {v}.", "拍摄地点是{v}。"),
            Pair("Was it filmed in {v}?", "拍摄地点是{v}吗？"),
            (
                "a cellar, a basement = 地窖",
                "a lighthouse = 灯塔",
                "a greenhouse = 温室",
                "a tunnel = 隧道",
                "an attic = 阁楼",
            ),
        ),
        Fact(
            Pair("The camera once belonged to {v}.", "相机原来的主人是{v}。"),
            Pair("Did the camera once belong to {v}?", "相机原来的主人是{v}吗？"),
            (
                "a missing journalist, a missing reporter = 失踪的记者",
                "a taxi driver, a cab driver = 出租车司机",
                "a chambermaid = 女仆",
                "a postman, a mailman = 邮递员",
                "a surgeon = 外科大夫",
            ),
        ),
        Fact(
            Pair("On the film {who} recognised {v}.", "{who}在胶卷里认出了{v}。"),
            Pair("Did {who} recognise {v} on the film?", "{who}在胶卷里认出了{v}吗？"),
            (
                "a dentist = 牙医",
                "an uncle = 叔叔",
                "a landlord = 房东",
                "a judge = 法官",
                "a gardener = 园丁",
            ),
        ),
        Fact(
            Pair("The crime was about {v}.", "案子的起因是{v}。"),
            Pair("Was the crime about {v}?", "案子的起因是{v}吗？"),
            (
                "gambling debts = 赌债",
                "jealousy, envy = 嫉妒",
                "revenge, vengeance = 复仇",
                "an adoption = 领养",
                "a patent = 专利",
            ),
        ),
    ),
)
SCENES = (_DINNER, _SOUND, _LETTER, _CLOCK, _CAMERA)
