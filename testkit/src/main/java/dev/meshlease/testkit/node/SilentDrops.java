package dev.meshlease.testkit.node;

/**
 * What a simulated node has thrown away without telling the client, as a real one does.
 *
 * @param repeatedIds packets whose id was among the session's last twenty
 * @param rateLimited packets that came too soon after another one of their kind; their queue status says 0, like that of a packet sent
 * @param undecodable frames that are no message, those with a payload above 234 bytes included
 * @param phoneQueue packets for the client that did not fit the node's queue, or were pushed out of it
 * @param queueStatuses queue statuses pushed out by newer ones: the node keeps two
 */
public record SilentDrops(int repeatedIds, int rateLimited, int undecodable, int phoneQueue, int queueStatuses) {
    /** What clients sent for nothing: all but what the node had to say to them. */
    public int ofClients() {
        return repeatedIds + rateLimited + undecodable;
    }
}
