"""Rules that every rendered object must keep, besides the schemas of Kubernetes.

Each function returns what is wrong as a list of lines.
"""

import yaml

# The volume types of the restricted Pod Security standard.
ALLOWED_VOLUMES = {
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image",
    "persistentVolumeClaim", "projected", "secret"
}


class UniqueKeyLoader(yaml.SafeLoader):
    """Refuses a mapping that has a key twice, as kustomize does."""


def _unique_mapping(loader, node):
    keys = [loader.construct_object(key) for key, _ in node.value]
    for key in keys:
        if keys.count(key) > 1:
            raise yaml.YAMLError(f"key {key!r} twice, {node.start_mark}")
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


UniqueKeyLoader.add_constructor(
    yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)


def load_objects(text):
    """Returns all objects of a stream of YAML documents."""
    documents = yaml.load_all(text, Loader=UniqueKeyLoader)
    return [document for document in documents if document]


def title(thing):
    return f"{thing['kind']} {thing['metadata']['name']}"


def pod_of(thing):
    """Returns (metadata, spec) of the pods that an object makes, or None."""
    if thing["kind"] == "Pod":
        return thing["metadata"], thing["spec"]
    template = thing.get("spec", {})
    if thing["kind"] == "CronJob":
        template = template["jobTemplate"]["spec"]
    template = template.get("template")
    return (template["metadata"], template["spec"]) if template else None


def containers_of(spec):
    return spec.get("initContainers", []) + spec["containers"]


def pod_security(thing):
    """What the restricted standard refuses; no container relies on its pod."""
    spec = pod_of(thing)[1]
    wrong = [key for key in ("hostNetwork", "hostPID", "hostIPC")
             if spec.get(key)]
    wrong += [
        f"volume {volume['name']}" for volume in spec.get("volumes", [])
        if not set(volume) - {"name"} <= ALLOWED_VOLUMES
    ]
    wrong += [
        f"sysctl {sysctl['name']}"
        for sysctl in spec["securityContext"].get("sysctls", [])
    ]
    for container in containers_of(spec):
        context = container.get("securityContext", {})
        wanted = {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        if context != wanted:
            wrong.append(f"securityContext of {container['name']}: {context}")
        wrong += [
            f"host port {port}" for port in container.get("ports", [])
            if port.get("hostPort")
        ]
    if spec.get("automountServiceAccountToken") is not False:
        wrong.append("automountServiceAccountToken")
    if spec["securityContext"].get("runAsUser") != 65532:
        wrong.append("runAsUser")
    return wrong


def _matches(selector, labels):
    return bool(selector) and selector.items() <= labels.items()


def selectors(objects):
    """Selectors that no pod, or a pod of another component, matches."""
    pods = {title(thing): pod_of(thing)[0].get("labels", {})
            for thing in objects if pod_of(thing)}
    wrong = []
    for thing in objects:
        selector = thing.get("spec", {}).get("selector")
        if not selector or thing["kind"] == "PersistentVolumeClaim":
            continue
        selector = selector.get("matchLabels", selector)
        matched = [name for name, labels in pods.items()
                   if _matches(selector, labels)]
        exact = thing["kind"] != "PodMonitor"
        if not matched or (exact and len(matched) > 1):
            wrong.append(f"{title(thing)} selects {matched}")
    return wrong


def references(objects):
    """Names of the release's own objects and volumes that lead nowhere."""
    there = {title(thing) for thing in objects}
    for thing in objects:
        if thing["kind"] == "StatefulSet":
            there |= {f"PersistentVolumeClaim {claim['metadata']['name']}-"
                      f"{thing['metadata']['name']}-0"
                      for claim in thing["spec"]["volumeClaimTemplates"]}
    prefix = next(thing["metadata"]["name"] for thing in objects
                  if thing["kind"] == "ServiceAccount")
    wanted = set()
    wrong = []
    for thing in filter(pod_of, objects):
        spec = pod_of(thing)[1]
        volumes = {volume["name"] for volume in spec.get("volumes", [])}
        volumes |= {claim["metadata"]["name"] for claim in
                    thing.get("spec", {}).get("volumeClaimTemplates", [])}
        for volume in spec.get("volumes", []):
            if claim := volume.get("persistentVolumeClaim"):
                wanted.add(f"PersistentVolumeClaim {claim['claimName']}")
        wanted.add(f"ServiceAccount {spec['serviceAccountName']}")
        for container in containers_of(spec):
            mounted = {mount["name"] for mount in container.get("volumeMounts", [])}
            wrong += [f"{title(thing)}: no volume {name}"
                      for name in mounted - volumes]
            wanted |= {f"ConfigMap {source['configMapRef']['name']}"
                       for source in container.get("envFrom", [])
                       if "configMapRef" in source}
    for thing in objects:
        if thing["kind"] == "HorizontalPodAutoscaler":
            wanted.add("Deployment " + thing["spec"]["scaleTargetRef"]["name"])
        if thing["kind"] == "StatefulSet":
            wanted.add("Service " + thing["spec"]["serviceName"])
    return wrong + [f"no {name}" for name in sorted(wanted - there)
                    if name.split()[1].startswith(prefix)]
