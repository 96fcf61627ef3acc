// "Leave this page": by its link, and by pressing Shift three times. The words are in the link's data.
(()=>{
const link=document.getElementById('leave'),says=document.getElementById('leaving');
let presses=0,alone=false,timer;
const say=words=>{says.textContent=words};
const leave=()=>{document.body.className='gone';say(link.dataset.now);document.title=link.dataset.now;location.replace(link.href)};
link.addEventListener('click',event=>{event.preventDefault();leave()});
addEventListener('keydown',event=>{if(!event.repeat){alone=event.key==='Shift';if(!alone)presses=0}});
addEventListener('keyup',event=>{
if(event.key!=='Shift'||!alone)return;
alone=false;presses+=1;clearTimeout(timer);
if(presses>2)return leave();
say(presses>1?link.dataset.one:link.dataset.two);
timer=setTimeout(()=>{presses=0;say('')},5000);
});
addEventListener('pageshow',event=>{if(event.persisted){document.body.className='gone';location.reload()}});
})();
