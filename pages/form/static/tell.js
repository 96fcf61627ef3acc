// Nothing here is needed: each page works without it.
(()=>{
const form=document.getElementById('answers');
let sent=0,timer,before='';

// The summary of what is wrong gets the focus, and its links lead into the fields.
const wrong=document.getElementById('wrong');
if(wrong)wrong.focus();

// One press of a button is one: a second within two seconds is the other half of a double click.
addEventListener('submit',event=>{
const now=Date.now();
if(now-sent<2000){event.preventDefault();return}
sent=now;clearTimeout(timer);
});
addEventListener('pageshow',()=>{sent=0});

// What is being typed is saved a second after the last key, and when the page is put away.
const save=()=>{
if(!form||sent)return;
const data=new URLSearchParams(new FormData(form));
data.delete('go');
const body=data.toString();
if(body===before)return;
before=body;
fetch(form.action,{method:'POST',credentials:'same-origin',keepalive:body.length<60000,
headers:{'Content-Type':'application/x-www-form-urlencoded'},body:body+'&autosave=1'}).catch(()=>{before=''});
};
if(form){
before=new URLSearchParams(new FormData(form)).toString();
form.addEventListener('input',()=>{clearTimeout(timer);timer=setTimeout(save,1000)});
addEventListener('visibilitychange',()=>{if(document.visibilityState==='hidden')save()});
}

// Long lists of names come when somebody starts to type.
document.querySelectorAll('input[data-names]').forEach(input=>{
input.addEventListener('focus',()=>{
fetch(input.dataset.names,{credentials:'same-origin'}).then(answer=>answer.json()).then(names=>{
const list=document.getElementById(input.getAttribute('list'));
list.replaceChildren(...names.map(name=>{const option=document.createElement('option');option.value=name;return option}));
}).catch(()=>{});
},{once:true});
});

// A kiosk forgets who is gone; half a minute before, it asks. Stopping the page, once it is there, takes back the
// server's own timer, which knows nothing of keys that are pressed.
const seconds=Number(document.body.dataset.idle||0),ask=document.getElementById('still-there');
if(seconds&&ask){
const ours=()=>setTimeout(()=>window.stop());
document.readyState==='complete'?ours():addEventListener('load',ours);
let last=Date.now();
const awake=()=>{last=Date.now();if(ask.open){ask.close()}};
['keydown','pointerdown','input','scroll'].forEach(name=>addEventListener(name,awake,{passive:true}));
setInterval(()=>{
const idle=(Date.now()-last)/1000;
if(idle>=seconds){sent=Date.now();location.replace('/tell/kiosk/reset')}
else if(idle>=seconds-30&&!ask.open)ask.showModal();
},1000);
}
})();
