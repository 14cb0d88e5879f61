// Function words by language. Written as the language writes them; compared
// folded. An elided word stands without its apostrophe.

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>

#include "indexer/text/analyzer.h"
#include "indexer/text/fold.h"

namespace footnote::text {
namespace {

struct StopWords {
  std::string_view language;
  std::string_view words;  // divided by single spaces
};

constexpr StopWords kStopWords[] = {
    {"en",
     "a an the this that these those i me my mine we us our ours you your "
     "yours he him his she her hers it its they them their theirs who whom "
     "whose which what when where why how and or but nor so if then than "
     "because as until while of at by for with about against between into "
     "through during before after to from in out on off over under again is "
     "am are was were be been being have has had having do does did doing "
     "done will would shall should can could may might must much many some "
     "any each all both no not only own same such too very just there here "
     "don't doesn't didn't isn't aren't wasn't weren't won't can't upon "
     "whether also"},
    {"de",
     "der die das den dem des ein eine einen einem einer eines kein keine "
     "keinen ich du er sie es wir ihr mich dich sich uns euch mir dir ihm "
     "ihn ihnen mein dein sein unser euer ihre ihren ihrer seine seinen "
     "seiner dieser diese dieses diesen diesem jener jene und oder aber "
     "denn sondern wenn weil dass ob als wie obwohl während bevor nachdem in "
     "im an am auf aus bei beim mit nach seit von vom zu zum zur für durch "
     "gegen ohne um über unter vor hinter neben zwischen bis ist sind war "
     "waren bin bist sei sein gewesen hat haben hatte hatten habe wird "
     "werden wurde wurden worden kann können konnte konnten muss müssen "
     "musste soll sollen will wollen wollte darf dürfen was wer wen wem "
     "wessen welche welcher welches welchen wann wo warum wieso wohin woher "
     "wieviel viele viel nicht nur auch noch schon so sehr man da hier"},
    {"fr",
     "le la les l un une des du de d au aux ce cet cette ces je j me m tu te "
     "t il elle on nous vous ils elles se s lui leur leurs y en mon ma mes "
     "ton ta tes son sa ses notre nos votre vos moi toi eux que qu qui quoi "
     "dont où quand comment pourquoi combien quel quelle quels quelles "
     "lequel laquelle lesquels lesquelles et ou mais donc or ni car si "
     "comme lorsque lorsqu puisque puisqu à dans par pour sur sous avec "
     "sans entre vers chez contre depuis pendant avant après jusque jusqu "
     "est sont était étaient être été suis sera seront serait fut furent a "
     "ai as ont avait avaient avoir eu aura auront peut peuvent pouvait doit "
     "doivent fait faire ne n pas plus très aussi ainsi c"},
    {"es",
     "el la los las lo un una unos unas al del de a y e o u que en con por "
     "para sin sobre entre desde hasta hacia contra según durante ante bajo "
     "tras yo tú él ella ello nosotros vosotros ellos ellas usted ustedes me "
     "te se nos os le les mi mis tu tus su sus nuestro nuestra nuestros "
     "nuestras este esta estos estas ese esa esos esas aquel aquella qué "
     "quién quiénes quien cuál cuáles cual cuales cuándo cuando dónde donde "
     "cómo como por porque cuánto cuánta cuántos cuántas cuyo cuya pero sino "
     "si ni aunque mientras pues es son era eran fue fueron ser sido siendo "
     "soy está están estaba estaban estar estuvo ha han he había habían haber "
     "hay hubo será serán sería puede pueden podía poder debe deben tiene "
     "tienen tenía no muy más también ya"},
    {"it",
     "il lo la i gli le l un uno una di del dello della dei degli delle dell "
     "a al allo alla ai agli alle all da dal dallo dalla dai dagli dalle "
     "dall in nel nello nella nei negli nelle nell con su sul sullo sulla sui "
     "sugli sulle sull per tra fra e ed o ma se che chi cui quale quali "
     "quando dove come perché quanto quanta quanti quante cosa io tu lui lei "
     "noi voi loro mi ti si ci vi ne mio mia tuo tua suo sua suoi sue nostro "
     "nostra vostro questo questa questi queste quello quella quelli quelle "
     "è sono era erano essere stato stata stati fu furono sarà ha hanno ho "
     "aveva avevano avere avuto può possono poteva deve devono fa fare non "
     "più anche molto d c"},
    {"pt",
     "o a os as um uma uns umas de do da dos das em no na nos nas num numa a "
     "ao à aos às por pelo pela pelos pelas para com sem sob sobre entre até "
     "desde contra e ou mas nem que se porque como quando onde quem qual "
     "quais quanto quanta quantos quantas cujo cuja porquê eu tu ele ela nós "
     "vós eles elas você vocês me te se lhe lhes nos meu minha teu tua seu "
     "sua seus suas nosso nossa este esta estes estas esse essa esses essas "
     "aquele aquela isto isso aquilo é são era eram foi foram ser sido sendo "
     "será serão seria está estão estava estavam estar tem têm tinha tinham "
     "ter há havia haver pode podem podia poder deve devem não mais muito "
     "também já"},
    {"nl",
     "de het een en of maar want dus dat die dit deze ik je jij u hij zij ze "
     "we wij jullie mij me jou hem haar ons hen hun mijn jouw uw zijn onze "
     "zich van in op aan met voor door bij naar uit over onder tussen tegen "
     "tot tijdens na om te ten ter als dan wanneer omdat terwijl hoewel "
     "indien wie wat welke welk waar waarom hoe hoeveel is was waren ben "
     "bent geweest heeft hebben had hadden heb wordt worden werd werden kan "
     "kunnen kon konden zal zullen zou zouden moet moeten moest mag mogen "
     "wil willen er hier daar niet geen ook nog al zo zeer veel"},
    {"ro",
     "un o unui unei niște al a ai ale cel cea cei cele de la în din pe cu "
     "fără pentru prin spre sub peste între până după despre către și sau "
     "dar iar ori nici că să dacă deși fiindcă când unde cum cine ce care "
     "cui căruia cărei cât câtă câți câte eu tu el ea noi voi ei ele mă te "
     "se ne vă îl îi le lui lor meu mea tău ta său sa nostru noastră acest "
     "această acesta aceasta acești aceste acel acea acela aceea este e sunt "
     "era erau fi fost fiind am ai are avea aveau au va vor ar poate pot "
     "putea trebuie nu mai foarte și"},
    {"ru",
     "и в во не что он на я с со как а то все она так его но да ты к у же вы "
     "за бы по ее её мне было вот от меня о из ему когда даже ну ли если уже "
     "или ни быть был была были него до вас вам ведь там потом себя ничего "
     "ей они тут где есть для мы тебя их чем сам чтобы без чего под кто кого "
     "кому кем этот эта это эти того этого какой какая какое какие который "
     "которая которое которые почему зачем сколько куда откуда чей при об "
     "над перед между через после около будет будут может могут мог чтобы "
     "тот та те том этом мой твой свой наш ваш"},
    {"tr",
     "ve veya ya da de ile ama fakat ancak çünkü ki için gibi kadar göre "
     "sonra önce bir bu şu o ben sen biz siz onlar beni seni onu bizi sizi "
     "onları bana sana ona bize size onlara benim senin onun bizim sizin "
     "onların ne neden niçin niye nasıl nerede nereye nereden kim kimi kime "
     "kimin hangi hangisi kaç mı mi mu mü değil var yok olan olarak oldu "
     "olduğu olmak olur ise idi her hiç çok daha en bazı tüm hem şey"},
    {"el",
     "ο η το οι τα του της των τον την τους τις στο στη στον στην στους στις "
     "στα ένας μια ένα ενός μιας και ή αλλά όμως ούτε αν εάν όταν ότι πως "
     "που να θα δεν μη μην γιατί επειδή ώστε όπως σε από με για προς κατά "
     "μετά παρά αντί χωρίς μέχρι υπό εγώ εσύ αυτός αυτή αυτό εμείς εσείς "
     "αυτοί αυτές αυτά με σε μας σας τους μου σου του ποιος ποια ποιο ποιοι "
     "ποιες τι πού πότε πώς πόσο πόση πόσος πόσοι πόσες πόσα είναι ήταν "
     "είμαι είχε είχαν έχει έχουν μπορεί μπορούν πρέπει πολύ πιο"},
    {"ar",
     "في من على إلى عن مع هذا هذه ذلك تلك هؤلاء الذي التي الذين اللذان "
     "اللتان ما ماذا من متى أين كيف لماذا كم أي أية هل و أو ثم لكن بل أن إن "
     "أنّ إذا لو لولا حتى كي لأن منذ خلال بين قبل بعد عند تحت فوق أمام وراء "
     "حول ضد دون غير هو هي هم هن أنا أنت نحن أنتم كان كانت كانوا يكون تكون "
     "ليس ليست لم لن لا قد سوف كل بعض له لها لهم به بها بهم فيه فيها منه "
     "منها عليه عليها إليه إليها"},
    {"hi",
     "का की के को में से पर ने और या लेकिन तथा एवं कि जो जिस जिसे जिसका जिसकी "
     "जिसके वह वे यह ये उस उसे उसका उसकी उसके इस इसे इसका इसकी इसके उन उनका "
     "उनकी उनके इन इनका इनकी इनके मैं हम तुम आप मुझे मेरा मेरी मेरे हमारा हमारी "
     "अपना अपनी अपने क्या कौन किस किसने किसे किसका कब कहाँ कहां क्यों कैसे कैसा "
     "कितना कितनी कितने कौनसा है हैं था थी थे हो होता होती होते हुआ हुई हुए "
     "होना गया गई गए कर करता करते किया रहा रही रहे सकता सकती सकते लिए साथ तक "
     "नहीं न भी ही तो अगर यदि जब तब द्वारा"},
    {"vi",
     "và hoặc hay nhưng mà thì là của cho với từ trong ngoài trên dưới về "
     "đến tới tại ở bởi do vì nên nếu khi lúc để các những một này kia đó ấy "
     "đây tôi ta chúng mình bạn anh chị nó họ ông bà ai gì nào đâu sao mấy "
     "bao nhiêu thế được bị đã đang sẽ có không chưa cũng rất hơn như theo "
     "rằng vào ra lại còn đều"},
    {"th",
     "ที่ และ หรือ แต่ ของ ใน จาก กับ ให้ เป็น คือ มี ได้ ว่า ก็ จะ ไม่ นี้ นั้น "
     "ซึ่ง โดย เพื่อ ถึง อยู่ แล้ว ด้วย เมื่อ ถ้า เพราะ อะไร ใคร ไหน ไร ทำไม "
     "อย่างไร เท่าไร กี่ การ ความ เขา เธอ เรา ผม ฉัน คุณ มัน ต่อ แก่ บน ตาม"},
    {"sv",
     "en ett den det de dem denna detta dessa och eller men för att om när "
     "då som än så i på av till från med utan under över mellan mot genom "
     "vid hos efter före jag du han hon vi ni mig dig sig oss er honom henne "
     "min din sin vår mitt ditt sitt hans hennes deras vad vem vilken vilket "
     "vilka var vart när varför hur många mycket är var vara varit blir blev "
     "har hade ha haft kan kunde ska skall skulle vill ville måste får fick "
     "inte ej också mer"},
    {"da",
     "en et den det de dem denne dette disse og eller men for at om når da "
     "som end så i på af til fra med uden under over mellem mod gennem ved "
     "hos efter før jeg du han hun vi I mig dig sig os jer ham hende min din "
     "sin vores mit dit sit hans hendes deres hvad hvem hvilken hvilket "
     "hvilke hvor hvornår hvorfor hvordan mange meget er var være været "
     "bliver blev har havde have haft kan kunne skal skulle vil ville må "
     "måtte ikke også mere der"},
    {"no",
     "en et ei den det de dem denne dette disse og eller men for at om når "
     "da som enn så i på av til fra med uten under over mellom mot gjennom "
     "ved hos etter før jeg du han hun vi dere meg deg seg oss ham henne min "
     "din sin vår mitt ditt sitt hans hennes deres hva hvem hvilken hvilket "
     "hvilke hvor hvorfor hvordan mange mye er var være vært blir ble har "
     "hadde ha hatt kan kunne skal skulle vil ville må måtte ikke også mer "
     "der"},
    {"pl",
     "i oraz a albo lub ale lecz więc bo że żeby aby czy jeśli gdy kiedy jak "
     "jako niż w we z ze na do od po przez przy pod nad przed za dla bez o u "
     "między podczas ja ty on ona ono my wy oni one mnie mi ciebie cię go "
     "jego jej ją im ich nas nam was wam się siebie mój twój swój nasz wasz "
     "ten ta to ci te tego tej tym tych tamten kto kogo komu co czego czemu "
     "który która które którzy jaki jaka jakie gdzie dlaczego ile czyj jest "
     "są był była było były być będzie będą ma mają może mogą nie tak też "
     "już tylko bardzo"},
};

using WordSet = std::unordered_set<std::string>;
using WordSets = std::map<std::string_view, WordSet, std::less<>>;

WordSet ParseWords(std::string_view words) {
  WordSet set;
  while (!words.empty()) {
    const size_t end = std::min(words.find(' '), words.size());
    set.insert(FoldWord(words.substr(0, end)));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return set;
}

const WordSets& AllStopWords() {
  static const WordSets kSets = [] {
    WordSets made;
    for (const StopWords& list : kStopWords) {
      made.emplace(list.language, ParseWords(list.words));
    }
    return made;
  }();
  return kSets;
}

}  // namespace

bool IsStopWord(std::string_view word, std::string_view language) {
  if (language == "nb" || language == "nn") {
    language = "no";
  }
  const auto found = AllStopWords().find(language);
  return found != AllStopWords().end() &&
         found->second.contains(std::string(word));
}

}  // namespace footnote::text
