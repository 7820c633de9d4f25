"""The `Table` and `Files` ports in memory, for properties over thousands of cases where the calls to AWS are not the
matter: the same cases, fewer of them, run on the real adapters."""

import copy


class TableInMemory:
    """Conditions as the port says them."""

    def __init__(self):
        self.items = {}

    def get(self, pk, sk):
        return copy.copy(self.items.get((pk, sk)))

    def get_many(self, keys):
        return {key: dict(self.items[key]) for key in keys if key in self.items}

    def put(self, item, *, unless_exists=False):
        place = item["pk"], item["sk"]
        if unless_exists and place in self.items:
            return False
        self.items[place] = dict(item)
        return True

    def put_many(self, items):
        for item in items:
            self.put(item)

    def update(self, pk, sk, values, *, only_if=None):
        standing = self.items.get((pk, sk), {})
        for name, wanted in (only_if or {}).items():
            if standing.get(name) not in (wanted if isinstance(wanted, set | frozenset) else {wanted}):
                return False
        changed = {**standing, **values, "pk": pk, "sk": sk}
        self.items[pk, sk] = {name: value for name, value in changed.items() if value is not None}
        return True

    def query(self, pk, *, prefix="", first="", last="", limit=None):
        found = sorted(sk for each, sk in self.items if each == pk and sk.startswith(prefix))
        found = [sk for sk in found if sk >= first and (not last or sk <= last)]
        yield from (dict(self.items[pk, sk]) for sk in found[:limit])

    def delete(self, pk, sk):
        self.items.pop((pk, sk), None)


class FilesInMemory:
    def __init__(self):
        self.files = {}

    def read(self, key):
        return self.files.get(key)

    def write(self, key, data, *, content_type):
        self.files[key] = data
        return True
