"""Nothing in our packages turns data into code, starts a shell or switches a check off: read off the source."""

import ast
from collections.abc import Iterator

from tests.architecture.source import Module, imported, modules

# They run what they read, are broken as secrets, or speak without encryption or checks.
MODULES = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "marshal", "shelve", "telnetlib", "ftplib", "xml"}
CALLS = {
    *("eval", "exec", "compile", "__import__", "importlib.import_module", "runpy.run_path", "runpy.run_module"),
    *("os.system", "os.popen", "os.execv", "os.execvp", "subprocess.getoutput", "subprocess.getstatusoutput"),
    *("tempfile.mktemp", "hashlib.md5", "hashlib.sha1", "ssl._create_unverified_context"),
    *("yaml.load", "yaml.load_all", "yaml.unsafe_load", "yaml.full_load", "yaml.full_load_all"),
    *("jinja2.Environment", "Environment", "Template", "jinja2.Template"),
}
LOADERS = {"Loader", "FullLoader", "UnsafeLoader", "CLoader", "CFullLoader", "CUnsafeLoader"}
FLAGS = {("shell", True), ("verify", False), ("check_hostname", False), ("follow_redirects", True)}
# What looks dangerous and is not, with the reason.
ALLOWED = {
    ("sandbox.page.templating", "Environment"): "the page's own templates, files of ours",
    ("storage.migrate", "importlib.import_module"): "one module of ours, named in the code",
}


def sins(module: Module) -> Iterator[str]:
    """Every place of a module that would not do."""
    yield from (f"{module.name} imports {name}" for name in imported(module) if name.partition(".")[0] in MODULES)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in CALLS and (module.name, name) not in ALLOWED:
                yield f"{module.at(node)} calls {name}"
            for keyword in node.keywords:
                value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
                if (keyword.arg, value) in FLAGS:
                    yield f"{module.at(node)} says {keyword.arg}={value!r}"
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {f"yaml.{loader}" for loader in LOADERS}:
            yield f"{module.at(node)} uses {ast.unparse(node)}"


def test_no_module_does_anything_of_the_kind() -> None:
    assert [sin for module in modules() for sin in sins(module)] == []


def test_secrets_and_signatures_are_never_compared_with_an_equals_sign() -> None:
    """A comparison that stops at the first difference tells, by its time, how much was right."""
    words = ("secret", "signature", "token", "digest", "hmac")
    naive = [
        f"{module.at(node)} {ast.unparse(node)}"
        for module in modules("bot", "crm", "tasks", "storage")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops)
        if any(word in ast.unparse(node).casefold() for word in words)
    ]

    assert naive == []
