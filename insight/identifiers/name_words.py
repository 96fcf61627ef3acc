"""The words about names: titles, cues, kin, callings, and what follows the name of a place."""

from insight.identifiers.lists import word_set

TITLES = word_set(
    """
    mr mrs ms miss mx dr prof professor sir dame rev revd reverend cllr councillor pc dc ds di wpc pcso sgt sergeant
    constable inspector
    """
)
CALLED_TITLES = word_set(
    """
    nurse sister father mother lady lord imam rabbi pastor vicar matron doctor judge auntie aunty aunt uncle nan
    nana gran grandma grandad granny brother deacon
    """
)
NAME_CUES = {
    "name": (), "name's": (), "names": ("my", "his", "her"), "yw": ("enw",), "ydy": ("enw",), "ydi": ("enw",),
    "się": ("nazywam", "nazywa"), "sie": ("nazywam", "nazywa"), "imię": ("mam", "ma", "na"), "imie": ("mam", "ma",
    "na"),
    "naam": (), "numesc": (), "numește": (), "vardas": (), "ismi": (), "magacaygu": (), "m'appelle": (), "llamo": (),
    "chamo": (), "heiße": (), "heisse": (), "chiamo": (),
}  # fmt: skip
NOT_A_PERSONS_NAME = word_set(
    """
    user brand street road company business school file product place drug ward domain pet dog cat horse no any
    """
)
KIN = word_set(
    """
    son daughter husband wife mum mom mam mother dad father brother sister partner ex nan gran grandma grandmother
    grandad grandfather grandson granddaughter uncle aunt aunty auntie cousin nephew niece friend neighbour neighbor
    boyfriend girlfriend fiance fiancé fiancée baby twin twins child kids boy girl lad stepson stepdad stepdaughter
    stepmum landlord landlady tenant flatmate housemate carer sons girls boys daughters grandchild mab merch
    """
)
CALLINGS = word_set(
    """
    nurse nurses midwife midwives doctor gp consultant physio physiotherapist therapist manager receptionist
    receptionists officer worker keyworker caseworker visitor solicitor teacher headteacher councillor advisor
    adviser assistant advocate interpreter dentist surgeon paramedic driver warden lady gentleman man woman guy
    colleague colleagues hca matron patient applicant client counsellor psychologist psychiatrist coordinator
    practitioner sonographer radiographer volunteer clerk agent supervisor representative operator chaplain
    pharmacist optician porter cleaner chef someone somebody person carer carers student tutor coach trainer member
    lad girl boy chap bloke landlord tenant neighbour
    """
)
TALK = word_set(
    """
    with to for by from and or told tell ask asked contact contacted saw met know called dear hi hello emailed rang
    phoned thank thanks especially our little
    """
)
SIGN_OFFS = word_set(
    """
    regards sincerely faithfully signed cheers wishes thanks thankyou truly gratefully diolch
    """
)
JOINING = word_set(
    """
    and or then & und a i plus nor
    """
)
SAYING = word_set(
    """
    said says told was is has had rang called came went took saw gave helped explained did does got wants wanted
    never always made asked looked
    """
)
PARTICLES = word_set(
    """
    van der den de del della di da dos du la le el al ul bin bint binti ibn ap ab ferch von ter mac mc st o
    """
)
PLACE_AFTER = word_set(
    """
    hospital hospitals infirmary hospice ward wards road rd street st avenue ave lane drive close crescent court
    house centre center clinic unit suite park library school schools primary academy college university surgery
    practice church station estate building wing room square gardens bridge hall hill way theatre museum hotel pub
    inn cafe airport county city town village island lake river bay beach place terrace row grove green common
    market mall arms tower towers lodge care home health medical foundation trust society disease syndrome test
    scale score palsy line tube council borough day nurseries nursery pharmacy stores store supermarket foods bank
    insurance energy water league cup fc united course courses programme project group groups service services team
    app class model plan rehab pts rovers wanderers curie leone albion act law report review method sling splint
    stockings frame
    """
)
PLACE_BEFORE = word_set(
    """
    st saint queen king prince princess lake mount port fort ward royal the san santa el
    """
)
MEDICAL_ENDS = (
    "ology", "ologist", "ologists", "iatry", "iatric", "iatrics", "iatrist", "scopy", "ectomy", "itis", "osis",
    "therapy",
    "therapist", "therapists", "pathy", "gram", "graphy", "grapher", "ics", "ism", "aemia", "plasty", "ostomy",
    "cillin",
    "line", "pine", "zole", "pril", "statin", "mab", "ing", "ed", "ly", "tion", "ness", "ment",
)  # fmt: skip
NAMED_AFTER = frozenset(
    {
        "john lewis", "james cook", "james paget", "john radcliffe", "thomas cook", "sue ryder",
        "leonard cheshire", "laura ashley",
        "ted baker", "george eliot", "william harvey", "william hill", "harry potter", "ronald mcdonald",
        "mary seacole",
        "harvey nichols", "robert jones", "jack daniels", "peter pan", "father christmas", "mary rose",
        "nelson mandela",
        "florence nightingale", "charles rennie", "duncan lewis", "paul strickland", "anthony nolan", "molly rose",
    }
)  # fmt: skip
WHERE = word_set(
    """
    at in near on via around outside inside
    """
)
GOING = word_set(
    """
    go goes going went come comes came coming gone travel travelled drive drove driven discharged transferred
    transfer moved move admitted admission referred taken took trip trips journey sent bus train ambulance walk
    walked
    """
)
CAPITALS_ONLY = word_set(
    """
    dc ds di pc
    """
)
NEVER_FAMILY = word_set(
    """
    the and was is she he they who thank thanks very all for from with also my our you it this that his her an has
    had said but so we as at in on to of or if when then there please however
    """
)
