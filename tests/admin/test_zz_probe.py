import re, asyncio, collections
import pytest
from urllib.parse import urlsplit
from cms.demo import DemoSite
from cms.kernel.plugin import load_demo
from tests.support import trail
from tests.support.visiting import Visitor
from tests.support.languages import *
WORD=_WORD if '_WORD' in globals() else None
from tests.support import languages as L

def texts(seen):
    tree=seen.tree
    for n in tree.css("code, pre, kbd, samp, script, style, template"): n.decompose()
    for n in tree.root.traverse(include_text=True):
        if n.tag=='-text':
            t=" ".join((n.text() or '').split())
            if t: yield t
        elif n.tag!='-comment':
            for k,v in (n.attributes or {}).items():
                if k in ("aria-label","placeholder","alt","title") and v: yield f"@{k}: {v}"

def shape(a):
    p=urlsplit(a); kind=re.search(r"(?:^|&)((?:type|status|state|tab|group|part)=\w+)",p.query)
    return re.sub(r"[0-9a-f-]{16,}|\d+","0",p.path)+(f"?{kind[1]}" if kind else "")

async def test_probe(cms):
    import os
    made=DemoSite(cms.host,cms.tenant)
    for plugin in cms.host.registry.plugins:
        if step:=load_demo(plugin): await step(made)
    await trail.seal(cms)
    person=await cms.person("iris", list(cms.host.registry.roles))
    v=await Visitor.of(cms, person, os.environ.get("WLANG","pt"))
    wait=["/admin"]; known={"/admin"}; out=open("/tmp/wt_w_out/probe_"+os.environ.get("WLANG","pt"),"w")
    texts_seen=collections.OrderedDict(); n=0
    while wait:
        a=wait.pop(0)
        s=await v.get(a)
        if "text/html" not in s.response.headers.get("content-type",""): continue
        n+=1
        if s.status>=400: print("!!",s.status,a,file=out)
        for t in texts(s): texts_seen.setdefault(t,a)
        for l in s.tree.css("a[href^='/admin']"):
            h=l.attributes['href'].split('#')[0]
            if shape(h) not in known:
                known.add(shape(h)); wait.append(h)
        print("PAGE",n,a,s.status,file=out)
    for t,a in texts_seen.items(): print(a,"|",t,file=out)
    out.close()
    await v.http.aclose()
