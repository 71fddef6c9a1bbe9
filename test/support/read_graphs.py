"""Reads graphs back with the tools of their formats, and prints the edges as JSON: [object, relation, subject]."""

import json
import sys


def graphml(path):
    import networkx

    graph = networkx.read_graphml(path, force_multigraph=True)
    assert graph.is_directed()
    name = networkx.get_node_attributes(graph, "label")
    assert set(networkx.get_node_attributes(graph, "type").values()) == {"ORG", "PER", "LOC", "POH"}
    for _, _, data in graph.edges(data=True):
        assert 0 <= data["confidence"] <= 1 and data["sentence"]
    return [[name[o], data["relation"], name[s]] for s, o, data in graph.edges(data=True)]


def jsonld(path):
    from rdflib import RDF, Graph, Namespace

    korex, schema = Namespace("https://korex-project.github.io/terms#"), Namespace("https://schema.org/")
    graph = Graph().parse(path, format="json-ld")
    name = {node: str(value) for node, value in graph.subject_objects(schema.name)}
    edges = []
    for statement in graph.subjects(RDF.type, RDF.Statement):
        s, p, o = (graph.value(statement, term) for term in (RDF.subject, RDF.predicate, RDF.object))
        assert 0 <= graph.value(statement, korex.confidence).toPython() <= 1
        is_decided = str(graph.value(statement, korex.decision)) == "relation"
        assert ((s, p, o) in graph) == is_decided, (s, p, o)
        edges.append([name[o], str(p).removeprefix(korex).replace("_", ":", 1), name[s]])
    assert (None, RDF.type, schema.Person) in graph and (None, schema.alternateName, None) in graph
    return edges


def cypher(path):
    """Every statement parses; what they say is read from the tree."""
    from antlr4 import CommonTokenStream, InputStream
    from antlr4.error.ErrorListener import ErrorListener
    from antlr4_cypher import CypherLexer, CypherParser

    class Strict(ErrorListener):
        def syntaxError(self, recognizer, symbol, line, column, message, error):
            raise SyntaxError(message)

    names, edges = {}, []
    for line in open(path, encoding="utf-8").read().splitlines():
        parser = CypherParser(CommonTokenStream(CypherLexer(InputStream(line.removesuffix(";")))))
        parser.removeErrorListeners()
        parser.addErrorListener(Strict())
        parser.script()
        tokens = [token.text for token in parser.getTokenStream().tokens if token.text.strip()]
        text = lambda at: tokens[at][1:-1].replace("\\'", "'").replace("\\\\", "\\")
        ids = [text(i + 2) for i, token in enumerate(tokens) if token == "id" and tokens[i + 1] == ":"]
        if tokens[0] == "MERGE":
            names[ids[0]] = text(next(i for i, token in enumerate(tokens) if token == "name") + 2)
        else:
            relation = next(token for token in tokens if token.startswith("`"))[1:-1]
            edges.append([names[ids[1]], relation, names[ids[0]]])
    return edges


print(json.dumps({"graphml": graphml, "jsonld": jsonld, "cypher": cypher}[sys.argv[1]](sys.argv[2]), ensure_ascii=False))
